package dev.blindsight.camera.broker;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How much the broker takes: the {@code limits} part of its configuration file. Connections and
 * rates are limited with TLS only: without, it serves this machine.
 *
 * @param packetBytes the largest MQTT packet, 1024..1048576; absent, 65536
 * @param connections at a time, 1..100000; absent, 2000
 * @param messagesPerSecond that one device may publish, 1..100000: one that publishes more is read
 *     more slowly; absent, 500; workers and operators are not limited
 */
public record LimitSettings(
    @Nullable Integer packetBytes,
    @Nullable Integer connections,
    @Nullable Integer messagesPerSecond) {
  private static final int LEAST_PACKET_BYTES = 1024;
  private static final int MOST_PACKET_BYTES = 1 << 20;
  private static final int DEFAULT_PACKET_BYTES = 1 << 16;
  private static final int MOST_CONNECTIONS = 100_000;
  private static final int DEFAULT_CONNECTIONS = 2_000;
  private static final int MOST_MESSAGES = 100_000;
  private static final int DEFAULT_MESSAGES = 500;

  /** The defaults. */
  public static final LimitSettings STANDARD = new LimitSettings(null, null, null);

  /**
   * @throws UserError when a value is out of range
   */
  public LimitSettings {
    requireWithin("packet_bytes", packetBytes, LEAST_PACKET_BYTES, MOST_PACKET_BYTES);
    requireWithin("connections", connections, 1, MOST_CONNECTIONS);
    requireWithin("messages_per_second", messagesPerSecond, 1, MOST_MESSAGES);
  }

  private static void requireWithin(String key, @Nullable Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      throw new UserError("%s is %d: give %d to %d".formatted(key, value, least, most));
    }
  }

  int packetBytesOrDefault() {
    return packetBytes == null ? DEFAULT_PACKET_BYTES : packetBytes;
  }

  int connectionsOrDefault() {
    return connections == null ? DEFAULT_CONNECTIONS : connections;
  }

  int messagesPerSecondOrDefault() {
    return messagesPerSecond == null ? DEFAULT_MESSAGES : messagesPerSecond;
  }
}
