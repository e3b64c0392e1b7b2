package dev.blindsight.protocol.seal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a device's clock and the worker's may be apart, the time on the way included.
 *
 * @param tolerance positive
 */
public record Freshness(Duration tolerance) {
  /** Two minutes. */
  public static final Freshness STANDARD = new Freshness(Duration.ofMinutes(2));

  /**
   * @throws IllegalArgumentException when the tolerance is not positive
   */
  public Freshness {
    if (!tolerance.isPositive()) {
      throw new IllegalArgumentException("freshness is " + tolerance);
    }
  }

  /** Why what was sent then is not fresh now; empty when it is. */
  Optional<SealRejection> objection(Instant sentAt, Instant now) {
    if (sentAt.isBefore(now.minus(tolerance))) {
      return Optional.of(SealRejection.STALE);
    }
    return sentAt.isAfter(now.plus(tolerance))
        ? Optional.of(SealRejection.FROM_THE_FUTURE)
        : Optional.empty();
  }
}
