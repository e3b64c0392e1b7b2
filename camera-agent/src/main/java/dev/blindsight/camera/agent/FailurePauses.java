package dev.blindsight.camera.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a sensor that fails is left alone: twice as long after each failure in a row, up to half
 * a minute, scattered over its upper half, so that many cameras of one network do not come back at
 * the same moment. For one thread.
 */
final class FailurePauses {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private Duration next = FIRST;

  FailurePauses(RandomGenerator random) {
    this.random = random;
  }

  /** Another failure: the pause after it. */
  Duration failed() {
    Duration pause = next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    long half = pause.toNanos() / 2;
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }

  /** It works. */
  void succeeded() {
    next = FIRST;
  }
}
