package dev.blindsight.camera.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses before a request is sent again: they double from the first to the sixteenfold, and
 * each is drawn at random from its upper half, so that many devices do not ask at once.
 *
 * @param first before the first repetition
 */
record ResendPauses(Duration first) {
  private static final int MOST_DOUBLINGS = 4;

  /**
   * The pause before a repetition.
   *
   * @param sent how often the request has been sent, at least 1
   */
  Duration after(int sent, RandomGenerator random) {
    long whole = first.toNanos() << Math.min(sent - 1, MOST_DOUBLINGS);
    return Duration.ofNanos(random.nextLong(whole / 2, whole + 1));
  }
}
