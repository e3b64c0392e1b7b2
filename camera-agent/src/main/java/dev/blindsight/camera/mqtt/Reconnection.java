package dev.blindsight.camera.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts to connect: "full jitter" (M. Brooker, Exponential Backoff and
 * Jitter, AWS Architecture Blog, 2015). Each pause is drawn uniformly between nothing and a bound
 * that doubles with every failure. All clients of a broker lose it in the same instant; spread
 * evenly from the first attempt on, a thousand of them come back as a steady stream, which a bound
 * of a fraction of a second or a draw from its upper half only would not achieve.
 *
 * @param spread the bound of the first pause after a loss
 * @param longest the bound grows no further
 */
public record Reconnection(Duration spread, Duration longest) {

  public Reconnection {
    if (spread.isNegative() || spread.isZero() || longest.compareTo(spread) < 0) {
      throw new IllegalArgumentException("pauses from %s to %s".formatted(spread, longest));
    }
  }

  /** Four seconds at first, which makes 250 handshakes a second of 1,000 clients; thirty later. */
  public static Reconnection standard() {
    return new Reconnection(Duration.ofSeconds(4), Duration.ofSeconds(30));
  }

  /**
   * The pause before an attempt.
   *
   * @param failures attempts that failed since the last connection, at least 0
   */
  Duration pause(int failures, RandomGenerator random) {
    double doubled = (double) spread.toNanos() * Math.pow(2, failures);
    long bound = (long) Math.min((double) longest.toNanos(), doubled);
    return Duration.ofNanos(random.nextLong(bound + 1));
  }

  /** The pause while nothing will change until a person mends it. */
  Duration longestPause(RandomGenerator random) {
    long bound = longest.toNanos();
    return Duration.ofNanos(random.nextLong(bound / 2, bound + 1));
  }
}
