package dev.blindsight.camera.broker;

import dev.blindsight.camera.tls.TlsCredentials;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManagerFactory;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTUtil;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Artemis broker with one MQTT acceptor: with TLS, where every client has a certificate and the
 * rights that go with it ({@link ClientIdentity}), or without, on the loopback interface and with
 * all rights for everybody. Messages are held in memory, or in a journal besides.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String ACCEPTOR = "mqtt";
  private static final long MOST_BYTES_AN_ADDRESS = 64L << 20;

  private static final int RECEIVE_MAXIMUM = 64;
  private static final int JOURNAL_FILE_BYTES = 4 << 20;

  private final EmbeddedActiveMQ server;
  private final BrokerAddress address;

  private EmbeddedBroker(EmbeddedActiveMQ server, BrokerAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Starts a broker and returns when clients can connect, after a second or two.
   *
   * @throws UserError when the port is in use, or a certificate or the journal's folder cannot be
   *     used
   * @throws IllegalStateException when the broker fails
   */
  public static EmbeddedBroker start(BrokerSettings settings) {
    SSLContext tls = settings.tls() == null ? null : tls(settings.tls());
    int wanted = settings.portOrDefault();
    requireFree(settings.address(), wanted);
    EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    server.setSecurityManager(new CertificateRights());
    server.setConfiguration(configuration(settings));
    try {
      server.createActiveMQServer();
      server.getActiveMQServer().registerBrokerPlugin(new QueuesFirst(server.getActiveMQServer()));
      server
          .getActiveMQServer()
          .getServiceRegistry()
          .addAcceptorFactory(
              ACCEPTOR, new GuardedAcceptorFactory(tls, settings.limitsOrDefault()));
      server.start();
      // Artemis logs a failure to listen and carries on without the acceptor.
      if (server.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR)
              instanceof NettyAcceptor acceptor
          && acceptor.isStarted()
          && acceptor.getActualPort() > 0) {
        return new EmbeddedBroker(server, address(settings, acceptor.getActualPort()));
      }
      stop(server);
      throw inUse(settings.address(), wanted, null);
    } catch (UserError e) {
      throw e;
    } catch (Exception e) {
      stop(server);
      throw new IllegalStateException("the broker cannot start: " + e.getMessage(), e);
    }
  }

  private static SSLContext tls(TlsSettings settings) {
    TlsCredentials credentials = settings.read();
    credentials
        .trouble(Instant.now().truncatedTo(ChronoUnit.SECONDS))
        .ifPresent(trouble -> {
          throw new UserError(trouble);
        });
    return credentials.server();
  }

  private static BrokerAddress address(BrokerSettings settings, int port) {
    String host =
        settings.host() == null
            ? InetAddress.getLoopbackAddress().getHostAddress()
            : settings.host();
    return BrokerAddress.parse(
        "%s://%s:%d".formatted(settings.tls() == null ? "mqtt" : "mqtts", host, port));
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

  private static Configuration configuration(BrokerSettings settings) {
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(false)
            .setSecurityEnabled(settings.tls() != null)
            // Artemis would remember rights by the user name that a client gives itself.
            .setAuthenticationCacheSize(0)
            .setAuthorizationCacheSize(0)
            .setJMXManagementEnabled(false)
            .setMessageCounterEnabled(false)
            .setGracefulShutdownEnabled(false)
            // Topics are addresses as they are: rights are checked by the names that clients use.
            .setWildCardConfiguration(MQTTUtil.MQTT_WILDCARD)
            .addAcceptorConfiguration(acceptor(settings))
            .addAddressSetting(
                "#",
                new AddressSettings()
                    .setAutoCreateAddresses(true)
                    .setAutoCreateQueues(true)
                    .setMaxSizeBytes(MOST_BYTES_AN_ADDRESS)
                    // There is no paging to disk: senders are told, and keep what they have.
                    .setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL));
    return settings.journal() == null
        ? configuration
        : persistent(configuration, Path.of(settings.journal()));
  }

  /**
   * Every message is on the disk before it is acknowledged, and the journal is read back whole
   * after the process was killed.
   */
  private static Configuration persistent(Configuration configuration, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserError(
          "journal: %s is no folder that can be written: give another, or its owner the right"
              .formatted(folder),
          e);
    }
    return configuration
        .setPersistenceEnabled(true)
        .setJournalType(JournalType.NIO)
        .setJournalFileSize(JOURNAL_FILE_BYTES)
        // Gathered in memory first, records would reach the disk some milliseconds after the
        // acknowledgement.
        .setJournalBufferTimeout_NIO(0)
        .setJournalDirectory(folder.resolve("journal").toString())
        .setBindingsDirectory(folder.resolve("bindings").toString())
        .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
        .setPagingDirectory(folder.resolve("paging").toString())
        .setNodeManagerLockDirectory(folder.resolve("lock").toString());
  }

  private static TransportConfiguration acceptor(BrokerSettings settings) {
    LimitSettings limits = settings.limitsOrDefault();
    Map<String, Object> options = new HashMap<>();
    options.put(TransportConstants.HOST_PROP_NAME, settings.address().getHostAddress());
    options.put(TransportConstants.PORT_PROP_NAME, settings.portOrDefault());
    options.put(
        TransportConstants.PROTOCOLS_PROP_NAME, MQTTProtocolManagerFactory.MQTT_PROTOCOL_NAME);
    options.put(TransportConstants.TCP_NODELAY_PROPNAME, true);
    // A stop does not wait for connections to fall quiet.
    options.put(TransportConstants.QUIET_PERIOD, 0);
    options.put(TransportConstants.SHUTDOWN_TIMEOUT, 1);
    // Paho resends topic aliases after they are forgotten (eclipse/paho.mqtt.java issue 1104).
    options.put("topicAliasMaximum", 0);
    options.put("maximumPacketSize", limits.packetBytesOrDefault());
    options.put("receiveMaximum", RECEIVE_MAXIMUM);
    // A refused publish is answered, not punished with disconnection.
    options.put("closeMqttConnectionOnPublishAuthorizationFailure", false);
    if (settings.tls() != null) {
      options.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
      // Never used: the acceptor factory has its own, and Artemis asks for one.
      options.put(TransportConstants.USE_DEFAULT_SSL_CONTEXT_PROP_NAME, true);
      options.put(TransportConstants.SSL_CONTEXT_PROP_NAME, ACCEPTOR);
    }
    return new TransportConfiguration(NettyAcceptorFactory.class.getName(), options, ACCEPTOR);
  }

  /** The port. */
  public int port() {
    return address.uri().getPort();
  }

  /** The address for clients, as {@code mqtt://127.0.0.1:1883}. */
  public BrokerAddress address() {
    return address;
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
