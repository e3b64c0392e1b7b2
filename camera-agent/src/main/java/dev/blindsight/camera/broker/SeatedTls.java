package dev.blindsight.camera.broker;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's TLS, which holds one of the broker's seats while it stands. Where none is free
 * the connection ends before the handshake costs anything; Artemis's own limit counts later, and
 * fails with a null pointer.
 */
final class SeatedTls extends SslHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SeatedTls.class);

  private final Semaphore seats;
  private boolean seated;

  SeatedTls(SSLEngine engine, Semaphore seats) {
    super(engine);
    this.seats = seats;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    seated = seats.tryAcquire();
    if (seated) {
      super.channelActive(context);
    } else {
      LOG.debug("{}: all connections are taken", context.channel().remoteAddress());
      ChannelFuture _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (seated) {
      seated = false;
      seats.release();
    }
    super.channelInactive(context);
  }
}
