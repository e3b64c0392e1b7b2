package dev.blindsight.camera.mqtt;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How large a message is as a PUBLISH packet (MQTT 5, section 3.3). */
final class PacketSize {
  /**
   * Fixed header with the longest remaining length, packet identifier, the longest length of the
   * properties.
   */
  private static final int HEADERS = 5 + 2 + 4;

  /** Identifier and length of a property. */
  private static final int PROPERTY = 1 + 2;

  private static final int EXPIRY = 1 + 4;

  private PacketSize() {}

  /** A bound in bytes, at most a dozen above the truth. */
  static long atMost(OutgoingMessage message) {
    OutgoingMessage.Properties properties = message.properties();
    return HEADERS
        + 2L
        + utf8(message.topic())
        + property(properties.contentType())
        + property(properties.responseTopic())
        + (properties.correlationData() == null
            ? 0
            : PROPERTY + properties.correlationData().length)
        + EXPIRY
        + message.payload().length;
  }

  private static int property(@Nullable String value) {
    return value == null ? 0 : PROPERTY + utf8(value);
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
