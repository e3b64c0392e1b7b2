package dev.blindsight.camera.broker;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between one connection's decoder and Artemis. A device that publishes more than its rate
 * is read more slowly, which its own TCP then holds back: nothing is lost. And no client names a
 * queue of Artemis ({@code address::queue}): every name would be another address for it to keep.
 */
final class ClientGuard extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientGuard.class);
  private static final String QUEUE_SEPARATOR = "::";

  private final int devicePublishesPerSecond;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private boolean met;
  private @Nullable TokenBucket bucket;

  ClientGuard(int devicePublishesPerSecond) {
    this.devicePublishesPerSecond = devicePublishesPerSecond;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!met) {
      met = true;
      bucket =
          isDevice(context) ? new TokenBucket(devicePublishesPerSecond, System.nanoTime()) : null;
    }
    if (namesQueue(message)) {
      LOG.warn("{} names a queue of the broker: disconnected", context.channel().remoteAddress());
      ReferenceCountUtil.release(message);
      ChannelFuture _ = context.close();
      return;
    }
    if (waiting.isEmpty()) {
      passOrHoldBack(context, message);
    } else {
      // What one read of the socket brought is kept in order.
      waiting.add(message);
    }
  }

  /**
   * Passes a message on, or keeps it and stops reading until its turn.
   *
   * @return whether it was passed on
   */
  private boolean passOrHoldBack(ChannelHandlerContext context, Object message) {
    Duration pause =
        bucket != null && message instanceof MqttPublishMessage
            ? bucket.take(System.nanoTime())
            : Duration.ZERO;
    if (pause.isZero()) {
      context.fireChannelRead(message);
      return true;
    }
    waiting.add(message);
    context.channel().config().setAutoRead(false);
    ScheduledFuture<?> _ =
        context.executor().schedule(() -> resume(context), pause.toNanos(), TimeUnit.NANOSECONDS);
    return false;
  }

  private void resume(ChannelHandlerContext context) {
    Queue<Object> kept = new ArrayDeque<>(waiting);
    waiting.clear();
    if (!kept.isEmpty()) {
      // Its token is taken.
      context.fireChannelRead(kept.remove());
    }
    boolean passing = true;
    while (passing && !kept.isEmpty()) {
      passing = passOrHoldBack(context, kept.remove());
    }
    waiting.addAll(kept);
    context.channel().config().setAutoRead(waiting.isEmpty());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    context.fireChannelInactive();
  }

  private static boolean isDevice(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      return false;
    }
    try {
      Certificate certificate = tls.engine().getSession().getPeerCertificates()[0];
      return certificate instanceof X509Certificate known
          && ClientIdentity.of(known).filter(ClientIdentity.Device.class::isInstance).isPresent();
    } catch (SSLPeerUnverifiedException _) {
      // Artemis will not let it in.
      return false;
    }
  }

  private static boolean namesQueue(Object message) {
    return switch (message) {
      case MqttPublishMessage publish when publish.decoderResult().isSuccess() ->
          publish.variableHeader().topicName().contains(QUEUE_SEPARATOR);
      case MqttSubscribeMessage subscribe when subscribe.decoderResult().isSuccess() ->
          subscribe.payload().topicSubscriptions().stream()
              .anyMatch(wanted -> wanted.topicFilter().contains(QUEUE_SEPARATOR));
      default -> false;
    };
  }
}
