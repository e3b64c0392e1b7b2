package dev.blindsight.camera.dashboard;

import dev.blindsight.protocol.document.StrictMapper;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the browsers. It is encoded on the first browser's thread that asks, once
 * for all of them, so that an agent never waits for an encoder and a page nobody looks at costs
 * nothing.
 */
final class StatusEvent {
  private final long version;
  private final Supplier<StatusMessage> message;
  private volatile @Nullable Encoded encoded;

  private record Encoded(String name, String json) {}

  /**
   * @param version the board's version that brought this message
   * @param message makes the message; may be called more than once
   */
  StatusEvent(long version, Supplier<StatusMessage> message) {
    this.version = version;
    this.message = message;
  }

  long version() {
    return version;
  }

  /** The event's name in the stream. */
  String name() {
    return encoded().name();
  }

  /** The event's data: one line of JSON. */
  String json() {
    return encoded().json();
  }

  private Encoded encoded() {
    Encoded known = encoded;
    if (known == null) {
      StatusMessage made = message.get();
      known = new Encoded(made.event(), StrictMapper.json().write(made));
      encoded = known;
    }
    return known;
  }
}
