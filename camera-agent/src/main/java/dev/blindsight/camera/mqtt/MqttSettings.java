package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect.
 *
 * @param broker the broker's address
 * @param tls certificates, for an address with TLS; absent, {@link TlsSettings#STANDARD}
 * @param clientId unique on the broker: two clients with one id disconnect each other
 * @param presence how others see whether this client is there; absent, they do not
 * @param receiveMaximum how many unacknowledged messages the broker may have on their way to this
 *     client, 1..65535
 * @param reconnection the pauses between attempts
 */
public record MqttSettings(
    BrokerAddress broker,
    @Nullable TlsSettings tls,
    String clientId,
    @Nullable Presence presence,
    int receiveMaximum,
    Reconnection reconnection) {
  /** How long an attempt to connect may take. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long without any traffic until a broken connection is noticed. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  private static final String WITH_TLS = "mqtts";
  private static final int DEFAULT_PORT = 1883;
  private static final int DEFAULT_TLS_PORT = 8883;

  /**
   * @throws UserError when there are certificates for an address without TLS, or an address with
   *     TLS has no name to check
   */
  public MqttSettings {
    if (tls != null && !encrypted(broker)) {
      throw new UserError(
          "tls is given and broker is %s, without TLS: write mqtts://host:port, or remove tls"
              .formatted(broker));
    }
    if (encrypted(broker) && broker.uri().getHost().startsWith("[")) {
      throw new UserError(
          "broker is %s: with TLS give the host's name, or its IPv4 address, as the broker's certificate has it"
              .formatted(broker));
    }
  }

  private static boolean encrypted(BrokerAddress broker) {
    return WITH_TLS.equals(broker.uri().getScheme());
  }

  /** Whether TLS is spoken. */
  boolean encrypted() {
    return encrypted(broker);
  }

  TlsSettings tlsOrDefault() {
    return tls == null ? TlsSettings.STANDARD : tls;
  }

  /** The address as Paho writes it. */
  String serverUri() {
    boolean encrypted = encrypted();
    int port = broker.uri().getPort();
    if (port == -1) {
      port = encrypted ? DEFAULT_TLS_PORT : DEFAULT_PORT;
    }
    return "%s://%s:%d".formatted(encrypted ? "ssl" : "tcp", broker.uri().getHost(), port);
  }
}
