package dev.blindsight.camera.broker;

import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Artemis broker with one MQTT acceptor on the loopback interface; messages are held in memory
 * only.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String ACCEPTOR = "mqtt";
  private static final long MOST_BYTES_AN_ADDRESS = 64L << 20;

  /**
   * No topic aliases, which Paho resends after they are forgotten (eclipse/paho.mqtt.java issue
   * 1104); a refused publish is answered, not punished with disconnection; and a stop does not wait
   * for connections to fall quiet.
   */
  private static final String OPTIONS =
      "protocols=MQTT;topicAliasMaximum=0;maximumPacketSize=65536;receiveMaximum=64;"
          + "closeMqttConnectionOnPublishAuthorizationFailure=false;tcpNoDelay=true;quietPeriod=0;shutdownTimeout=1";

  private final EmbeddedActiveMQ server;
  private final int port;

  private EmbeddedBroker(EmbeddedActiveMQ server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker and returns when clients can connect, after a second or two.
   *
   * @throws UserError when the port is in use
   * @throws IllegalStateException when the broker fails
   */
  public static EmbeddedBroker start(BrokerSettings settings) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int wanted = settings.portOrDefault();
    requireFree(loopback, wanted);
    EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    server.setConfiguration(
        configuration("tcp://%s:%d?%s".formatted(loopback.getHostAddress(), wanted, OPTIONS)));
    try {
      server.start();
      // Artemis logs a failure to listen and carries on without the acceptor.
      if (server.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR)
              instanceof NettyAcceptor acceptor
          && acceptor.isStarted()
          && acceptor.getActualPort() > 0) {
        return new EmbeddedBroker(server, acceptor.getActualPort());
      }
      stop(server);
      throw inUse(loopback, wanted, null);
    } catch (UserError e) {
      throw e;
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("the broker cannot start: " + e.getMessage(), e);
    }
  }

  /** Artemis would say so among pages of log. */
  private static void requireFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw inUse(address, port, e);
    }
  }

  private static UserError inUse(InetAddress address, int port, @Nullable Exception cause) {
    String message =
        "port %d of %s cannot be listened on: stop what uses it, or choose another port"
            .formatted(port, address.getHostAddress());
    return cause == null ? new UserError(message) : new UserError(message, cause);
  }

  private static Configuration configuration(String acceptor) {
    try {
      return new ConfigurationImpl()
          .setPersistenceEnabled(false)
          .setSecurityEnabled(false)
          .setJMXManagementEnabled(false)
          .setMessageCounterEnabled(false)
          .setGracefulShutdownEnabled(false)
          .addAcceptorConfiguration(ACCEPTOR, acceptor)
          .addAddressSetting(
              "#",
              new AddressSettings()
                  .setAutoCreateAddresses(true)
                  .setAutoCreateQueues(true)
                  .setMaxSizeBytes(MOST_BYTES_AN_ADDRESS)
                  // In memory there is nowhere to page to: senders are told, and keep what they
                  // have.
                  .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL));
    } catch (Exception e) {
      throw new IllegalStateException("the broker's own settings are wrong: " + e.getMessage(), e);
    }
  }

  /** The port on the loopback interface. */
  public int port() {
    return port;
  }

  /** The address for clients, {@code mqtt://127.0.0.1:port}. */
  public BrokerAddress address() {
    return BrokerAddress.parse(
        "mqtt://%s:%d".formatted(InetAddress.getLoopbackAddress().getHostAddress(), port));
  }

  @Override
  public void close() {
    stop(server);
  }

  private static void stop(EmbeddedActiveMQ server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the broker did not stop in order: {}", e.toString());
    }
  }
}
