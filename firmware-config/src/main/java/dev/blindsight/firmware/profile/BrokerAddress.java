package dev.blindsight.firmware.profile;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.blindsight.protocol.UserError;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where an MQTT broker listens, written {@code mqtts://host[:port]}, or {@code mqtt://host[:port]}
 * without TLS.
 *
 * @param uri with scheme, host and port only; without a port, MQTT's own (8883 with TLS, 1883
 *     without)
 */
public record BrokerAddress(URI uri) {
  private static final int LONGEST_ADDRESS = 512;
  private static final int LARGEST_PORT = 65_535;
  private static final String REMEDY = ": write mqtts://host:port, as mqtts://broker.example:8883";

  /**
   * @throws UserError when the URI is not such an address
   */
  public BrokerAddress {
    boolean encrypted = "mqtts".equals(uri.getScheme());
    if ((!encrypted && !"mqtt".equals(uri.getScheme())) || uri.getHost() == null) {
      throw new UserError("is not an MQTT broker's address" + REMEDY);
    }
    if (uri.getRawUserInfo() != null) {
      throw new UserError("carries a password: remove it, credentials are not part of a profile");
    }
    boolean more = !uri.getRawPath().isEmpty() || uri.getRawQuery() != null;
    if (more || uri.getRawFragment() != null) {
      throw new UserError("has more than host and port" + REMEDY);
    }
    if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
      throw new UserError("has port %d: give 1 to %d".formatted(uri.getPort(), LARGEST_PORT));
    }
  }

  /**
   * Reads an address.
   *
   * @throws UserError when the text is not one
   */
  @JsonCreator
  public static BrokerAddress parse(String text) {
    Texts.requireLine("address", text, LONGEST_ADDRESS);
    try {
      return new BrokerAddress(new URI(text));
    } catch (URISyntaxException e) {
      throw new UserError("is not an address" + REMEDY, e);
    }
  }

  /** The address as {@link #parse} reads it. */
  @JsonValue
  @Override
  public String toString() {
    return uri.toString();
  }
}
