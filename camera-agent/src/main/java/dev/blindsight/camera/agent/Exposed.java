package dev.blindsight.camera.agent;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an exposure beside its readout until it is answered.
 *
 * @param nanoTime of {@link System#nanoTime()} when its readout was complete
 * @param expected the true label, when known
 */
record Exposed(long nanoTime, @Nullable String expected) {

  /** What is known of an exposure that an earlier process took. */
  static Exposed earlier(Instant capturedAt, Instant now) {
    Duration age = Duration.between(capturedAt, now);
    long nanos = age.isNegative() ? 0 : age.toNanos();
    return new Exposed(System.nanoTime() - nanos, null);
  }

  /** How long ago that was. */
  Duration latency() {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
