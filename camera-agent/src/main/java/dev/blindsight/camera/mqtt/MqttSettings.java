package dev.blindsight.camera.mqtt;

import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect.
 *
 * @param broker the broker's address
 * @param clientId unique on the broker: two clients with one id disconnect each other
 * @param presence how others see whether this client is there; absent, they do not
 * @param receiveMaximum how many unacknowledged messages the broker may have on their way to this
 *     client, 1..65535
 * @param reconnection the pauses between attempts
 */
public record MqttSettings(
    BrokerAddress broker,
    String clientId,
    @Nullable Presence presence,
    int receiveMaximum,
    Reconnection reconnection) {
  /** How long an attempt to connect may take. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long without any traffic until a broken connection is noticed. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  private static final String WITHOUT_TLS = "mqtt";
  private static final int DEFAULT_PORT = 1883;

  /**
   * @throws UserError when the address asks for TLS
   */
  public MqttSettings {
    if (!WITHOUT_TLS.equals(broker.uri().getScheme())) {
      throw new UserError(
          "broker is %s: this version connects without TLS only; write mqtt://host:port"
              .formatted(broker));
    }
  }

  /** The address as Paho writes it. */
  String serverUri() {
    int port = broker.uri().getPort() == -1 ? DEFAULT_PORT : broker.uri().getPort();
    return "tcp://%s:%d".formatted(broker.uri().getHost(), port);
  }
}
