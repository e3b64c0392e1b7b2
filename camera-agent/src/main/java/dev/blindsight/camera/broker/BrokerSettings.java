package dev.blindsight.camera.broker;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's configuration file says.
 *
 * @param port where clients connect on the loopback interface, 0..65535; 0 takes a free one;
 *     absent, 1883
 */
public record BrokerSettings(@Nullable Integer port) {
  private static final int DEFAULT_PORT = 1883;
  private static final int LARGEST_PORT = 65_535;

  /**
   * @throws UserError when the port is out of range
   */
  public BrokerSettings {
    if (port != null && (port < 0 || port > LARGEST_PORT)) {
      throw new UserError("port is %d: give 0 to %d".formatted(port, LARGEST_PORT));
    }
  }

  int portOrDefault() {
    return port == null ? DEFAULT_PORT : port;
  }
}
