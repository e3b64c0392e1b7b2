package dev.blindsight.camera.broker;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.BaseInterceptor;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyServerConnection;
import org.apache.activemq.artemis.core.server.routing.RoutingHandler;
import org.apache.activemq.artemis.spi.core.protocol.ConnectionEntry;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManagerFactory;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.Connection;

/**
 * Artemis's MQTT with a {@link ClientGuard} on each connection and a bound on what its decoder
 * gathers. Artemis itself gathers packets of up to 256 MB before it looks at their size.
 *
 * @param <P> the protocol's interceptors
 * @param <R> the protocol's routing
 */
@SuppressWarnings("rawtypes") // of Artemis's interface
final class GuardedProtocol<P extends BaseInterceptor, R extends RoutingHandler>
    implements ProtocolManager<P, R> {
  private final ProtocolManager<P, R> mqtt;
  private final LimitSettings limits;

  GuardedProtocol(ProtocolManager<P, R> mqtt, LimitSettings limits) {
    this.mqtt = mqtt;
    this.limits = limits;
  }

  @Override
  public void addChannelHandlers(ChannelPipeline pipeline) {
    mqtt.addChannelHandlers(pipeline);
    // Up to twice the limit Artemis sees the packet and says that it is too large.
    pipeline.replace(
        MqttDecoder.class, "bounded-decoder", new MqttDecoder(2 * limits.packetBytesOrDefault()));
    pipeline.addAfter(
        "bounded-decoder", "guard", new ClientGuard(limits.messagesPerSecondOrDefault()));
  }

  @Override
  public ProtocolManagerFactory<P> getFactory() {
    return mqtt.getFactory();
  }

  @Override
  public void updateInterceptors(
      List<BaseInterceptor> incomingInterceptors, List<BaseInterceptor> outgoingInterceptors) {
    mqtt.updateInterceptors(incomingInterceptors, outgoingInterceptors);
  }

  @Override
  public ConnectionEntry createConnectionEntry(Acceptor acceptor, Connection connection) {
    return mqtt.createConnectionEntry(acceptor, connection);
  }

  @Override
  public void removeHandler(String name) {
    mqtt.removeHandler(name);
  }

  @Override
  public void handleBuffer(RemotingConnection connection, ActiveMQBuffer buffer) {
    mqtt.handleBuffer(connection, buffer);
  }

  @Override
  public boolean isProtocol(byte[] array) {
    return mqtt.isProtocol(array);
  }

  @Override
  public boolean acceptsNoHandshake() {
    return mqtt.acceptsNoHandshake();
  }

  @Override
  public void handshake(NettyServerConnection connection, ActiveMQBuffer buffer) {
    mqtt.handshake(connection, buffer);
  }

  @Override
  public List<String> websocketSubprotocolIdentifiers() {
    return mqtt.websocketSubprotocolIdentifiers();
  }

  @Override
  public void setAnycastPrefix(String anycastPrefix) {
    mqtt.setAnycastPrefix(anycastPrefix);
  }

  @Override
  public void setMulticastPrefix(String multicastPrefix) {
    mqtt.setMulticastPrefix(multicastPrefix);
  }

  @Override
  public Map<SimpleString, RoutingType> getPrefixes() {
    return mqtt.getPrefixes();
  }

  @Override
  public void setSecurityDomain(String securityDomain) {
    mqtt.setSecurityDomain(securityDomain);
  }

  @Override
  public String getSecurityDomain() {
    return mqtt.getSecurityDomain();
  }

  @Override
  public R getRoutingHandler() {
    return mqtt.getRoutingHandler();
  }
}
