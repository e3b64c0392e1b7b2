package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.seal.OpenedRequest;
import dev.blindsight.protocol.seal.ReplySealer;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes replies to those who asked: sealed where the request was. Thread-safe. */
final class ReplySending {
  private static final Duration EXPIRY = Duration.ofMinutes(1);

  private final ReplySealer sealer;
  private final Function<OutgoingMessage, CompletableFuture<Delivery>> publisher;

  ReplySending(
      ReplySealer sealer, Function<OutgoingMessage, CompletableFuture<Delivery>> publisher) {
    this.sealer = sealer;
    this.publisher = publisher;
  }

  /**
   * Answers a request.
   *
   * @return as the connection's publish; fails with {@link SealException} when the device's keys
   *     have been withdrawn
   */
  CompletableFuture<Delivery> send(Asked asked, ClassificationReply reply) {
    OpenedRequest opened = asked.opened();
    byte @Nullable [] correlation = asked.message().correlationData();
    return opened == null
        ? sendPlain(asked.request().address(), correlation, reply)
        : sendSealed(opened, correlation, reply);
  }

  /** Tells the device of an authentic request, and nobody else, what a worker has to say to it. */
  CompletableFuture<Delivery> sendSealed(
      OpenedRequest opened, byte @Nullable [] correlation, ClassificationReply reply) {
    try {
      return publish(
          opened.request().address(), SealedContent.TYPE, correlation, sealer.seal(opened, reply));
    } catch (SealException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Tells whoever listens to a device's reply topic. */
  CompletableFuture<Delivery> sendPlain(
      DeviceAddress device, byte @Nullable [] correlation, ClassificationReply reply) {
    return publish(
        device,
        ClassificationReply.CONTENT_TYPE,
        correlation,
        ClassificationReplyCodec.encode(reply));
  }

  private CompletableFuture<Delivery> publish(
      DeviceAddress device, String contentType, byte @Nullable [] correlation, byte[] payload) {
    return publisher.apply(
        new OutgoingMessage(
            new Topic.Reply(device).render(),
            payload,
            false,
            new OutgoingMessage.Properties(contentType, null, correlation, EXPIRY)));
  }
}
