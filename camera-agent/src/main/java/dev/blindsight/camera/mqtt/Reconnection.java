package dev.blindsight.camera.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts to connect: they double from the shortest to the longest, and each is
 * drawn at random from its upper half, so that a thousand clients of a restarted broker do not come
 * back at once.
 *
 * @param shortest before the first attempt after a loss
 * @param longest the pauses grow no further
 */
public record Reconnection(Duration shortest, Duration longest) {

  public Reconnection {
    if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) < 0) {
      throw new IllegalArgumentException("pauses from %s to %s".formatted(shortest, longest));
    }
  }

  /** From a quarter of a second to fifteen seconds. */
  public static Reconnection standard() {
    return new Reconnection(Duration.ofMillis(250), Duration.ofSeconds(15));
  }

  /**
   * The pause before an attempt.
   *
   * @param failures attempts that failed since the last connection, at least 0
   */
  Duration pause(int failures, RandomGenerator random) {
    double doubled = (double) shortest.toNanos() * Math.pow(2, failures);
    long whole = (long) Math.min((double) longest.toNanos(), doubled);
    return Duration.ofNanos(random.nextLong(whole / 2, whole + 1));
  }
}
