package dev.blindsight.camera.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses before a request is sent again: the first is as configured, or twice the round trip
 * that is to be expected, whichever is longer, so that workers with much to do do not get
 * everything twice; they double up to sixteen times the configured one, and each is drawn at random
 * from its upper half, so that many devices do not ask at once.
 *
 * <p>The round trip is estimated from answers as TCP does it (RFC 6298 section 2): smoothed mean
 * plus four times the smoothed deviation. Of a request that was sent more than once, the time since
 * its first transmission counts: too long after a loss, and soon corrected, where TCP's rule to
 * leave it out would never learn of a worker that always takes longer than the first pause.
 *
 * <p>For one thread.
 */
final class ResendPauses {
  private static final int MOST_DOUBLINGS = 4;
  private static final int DEVIATIONS = 4;

  private final long first;
  private final long longest;
  private double mean;
  private double deviation;
  private boolean measured;

  /**
   * @param first before the first repetition
   */
  ResendPauses(Duration first) {
    this.first = first.toNanos();
    this.longest = this.first << MOST_DOUBLINGS;
  }

  /** A reply came this long after its request was first sent. */
  void replied(Duration roundTrip) {
    double sample = Math.min(roundTrip.toNanos(), longest);
    if (measured) {
      deviation += (Math.abs(mean - sample) - deviation) / 4;
      mean += (sample - mean) / 8;
    } else {
      mean = sample;
      deviation = sample / 2;
      measured = true;
    }
  }

  /**
   * The pause before a repetition.
   *
   * @param sent how often the request has been sent, at least 1
   */
  Duration after(int sent, RandomGenerator random) {
    long expected = (long) (mean + DEVIATIONS * deviation);
    long begin = Math.min(longest, Math.max(first, 2 * expected));
    long whole = Math.min(longest, begin << Math.min(sent - 1, MOST_DOUBLINGS));
    return Duration.ofNanos(random.nextLong(whole / 2, whole + 1));
  }
}
