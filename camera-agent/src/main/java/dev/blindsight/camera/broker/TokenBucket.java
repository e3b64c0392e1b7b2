package dev.blindsight.camera.broker;

import java.time.Duration;

/**
 * Says how long to wait so that no more than a rate is kept up: the token bucket (J. Turner, IEEE
 * Communications Magazine 24(10), 1986). One second's worth may come at once. Not thread-safe.
 */
final class TokenBucket {
  private static final double NANOS_A_SECOND = 1e9;

  private final double perNano;
  private final double capacity;
  private double tokens;
  private long filledAt;

  /**
   * A full bucket.
   *
   * @param perSecond the rate, at least 1
   * @param nanoTime now, by {@link System#nanoTime()}
   */
  TokenBucket(int perSecond, long nanoTime) {
    this.perNano = perSecond / NANOS_A_SECOND;
    this.capacity = perSecond;
    this.tokens = perSecond;
    this.filledAt = nanoTime;
  }

  /**
   * Takes a token, on credit where there is none.
   *
   * @param nanoTime now
   * @return after which the credit is paid back; zero where none was needed
   */
  Duration take(long nanoTime) {
    tokens = Math.min(capacity, tokens + (nanoTime - filledAt) * perNano);
    filledAt = nanoTime;
    tokens -= 1;
    return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-tokens / perNano));
  }
}
