package dev.blindsight.camera.mqtt;

import dev.blindsight.protocol.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect.
 *
 * @param broker the broker's address, {@code mqtt://host[:port]}
 * @param clientId unique on the broker: two clients with one id disconnect each other
 * @param presence how others see whether this client is there; absent, they do not
 * @param receiveMaximum how many unacknowledged messages the broker may have on their way to this client, 1..65535
 * @param reconnection the pauses between attempts
 */
public record MqttSettings(
    URI broker, String clientId, @Nullable Presence presence, int receiveMaximum, Reconnection reconnection) {
  /** How long an attempt to connect may take. */
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long without any traffic until a broken connection is noticed. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  private static final int DEFAULT_PORT = 1883;
  private static final int DEFAULT_RECEIVE_MAXIMUM = 32;

  /** Settings with the usual limits. */
  public static MqttSettings of(String broker, String clientId, @Nullable Presence presence) {
    return new MqttSettings(
        address(broker), clientId, presence, DEFAULT_RECEIVE_MAXIMUM, Reconnection.standard());
  }

  /**
   * Reads a broker's address.
   *
   * @param text {@code mqtt://host[:port]}
   * @throws UserError when it is anything else
   */
  public static URI address(String text) {
    try {
      URI address = new URI(text);
      boolean nothingElse =
          address.getRawPath() == null || address.getRawPath().isEmpty() || address.getRawPath().equals("/");
      if ("mqtt".equals(address.getScheme()) && address.getHost() != null && nothingElse) {
        return address;
      }
    } catch (URISyntaxException _) {
      // Said below, as of any other text.
    }
    throw new UserError("broker is \"%s\": write mqtt://host:port, as mqtt://127.0.0.1:1883".formatted(text));
  }

  /** The address as Paho writes it. */
  String serverUri() {
    int port = broker.getPort() == -1 ? DEFAULT_PORT : broker.getPort();
    return "tcp://%s:%d".formatted(broker.getHost(), port);
  }
}
