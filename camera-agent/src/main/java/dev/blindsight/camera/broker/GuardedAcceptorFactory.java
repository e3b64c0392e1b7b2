package dev.blindsight.camera.broker;

import dev.blindsight.camera.tls.TlsCredentials;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.AcceptorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;
import org.jspecify.annotations.Nullable;

/**
 * Makes Artemis's acceptor with what it cannot be told by settings: certificates that are in
 * memory, and a guard on each connection.
 */
final class GuardedAcceptorFactory implements AcceptorFactory {
  private final @Nullable SSLContext tls;
  private final LimitSettings limits;
  private final Semaphore seats;

  /**
   * @param tls for clients that have a certificate; absent, there is no TLS
   */
  GuardedAcceptorFactory(@Nullable SSLContext tls, LimitSettings limits) {
    this.tls = tls;
    this.limits = limits;
    this.seats = new Semaphore(limits.connectionsOrDefault());
  }

  @Override
  @SuppressWarnings("rawtypes") // of Artemis's interface
  public Acceptor createAcceptor(
      String name,
      ClusterConnection clusterConnection,
      Map<String, Object> configuration,
      BufferHandler handler,
      ServerConnectionLifeCycleListener listener,
      Executor threadPool,
      ScheduledExecutorService scheduledThreadPool,
      Map<String, ProtocolManager> protocols,
      String threadGroup,
      MetricsManager metrics) {
    Map<String, ProtocolManager> guarded = new ConcurrentHashMap<>();
    protocols.forEach((protocol, manager) -> guarded.put(protocol, guarded(manager)));
    return new NettyAcceptor(
        name,
        clusterConnection,
        configuration,
        handler,
        listener,
        scheduledThreadPool,
        threadPool,
        guarded,
        threadGroup,
        metrics) {
      @Override
      public SslHandler getSslHandler(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return new SeatedTls(engine(), seats);
      }
    };
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // as above
  private ProtocolManager guarded(ProtocolManager manager) {
    return new GuardedProtocol(manager, limits);
  }

  private SSLEngine engine() {
    if (tls == null) {
      throw new IllegalStateException("this acceptor has no certificate");
    }
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    engine.setEnabledProtocols(new String[] {TlsCredentials.PROTOCOL});
    return engine;
  }
}
