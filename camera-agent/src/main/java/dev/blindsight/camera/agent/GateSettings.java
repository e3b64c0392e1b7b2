package dev.blindsight.camera.agent;

import dev.blindsight.protocol.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which exposures are worth an answer: the {@code gate} part of an agent's configuration.
 *
 * @param changed the share of kept channels that must differ from the last answered readout,
 *     greater than 0, at most 1; absent, 0.02
 * @param difference by more than how much a channel must differ to count, 0..254; absent, 12, above
 *     the noise of common sensors
 * @param mostPerSecond answers a second at most, 0.001..1000; absent, no bound
 * @param heartbeatSeconds after which a readout is answered though nothing has changed, 1..86400;
 *     absent, 60
 */
public record GateSettings(
    @Nullable Double changed,
    @Nullable Integer difference,
    @Nullable Double mostPerSecond,
    @Nullable Integer heartbeatSeconds) {
  /** What an empty part of the configuration means. */
  public static final GateSettings STANDARD = new GateSettings(null, null, null, null);

  private static final double CHANGED = 0.02;
  private static final int DIFFERENCE = 12;
  private static final int HEARTBEAT_SECONDS = 60;
  private static final double LEAST_PER_SECOND = 0.001;
  private static final double MOST_PER_SECOND = 1000;
  private static final int LONGEST_HEARTBEAT = 24 * 60 * 60;
  private static final int MOST_DIFFERENCE = 254;

  /**
   * @throws UserError when a value is out of range
   */
  public GateSettings {
    if (changed != null && !(changed > 0 && changed <= 1)) {
      throw new UserError(
          "changed is %s: give a share greater than 0, at most 1".formatted(changed));
    }
    if (difference != null && (difference < 0 || difference > MOST_DIFFERENCE)) {
      throw new UserError(
          "difference is %d: give a whole number from 0 to %d"
              .formatted(difference, MOST_DIFFERENCE));
    }
    if (mostPerSecond != null
        && !(mostPerSecond >= LEAST_PER_SECOND && mostPerSecond <= MOST_PER_SECOND)) {
      throw new UserError(
          "most_per_second is %s: give a number from 0.001 to 1000".formatted(mostPerSecond));
    }
    if (heartbeatSeconds != null
        && (heartbeatSeconds < 1 || heartbeatSeconds > LONGEST_HEARTBEAT)) {
      throw new UserError(
          "heartbeat_seconds is %d: give a whole number from 1 to %d"
              .formatted(heartbeatSeconds, LONGEST_HEARTBEAT));
    }
  }

  /** The share of kept channels that must differ. */
  double changedOrDefault() {
    return changed == null ? CHANGED : changed;
  }

  /** By more than how much a channel must differ. */
  int differenceOrDefault() {
    return difference == null ? DIFFERENCE : difference;
  }

  /** From one answer to the next at least. */
  Duration shortestPause() {
    return mostPerSecond == null ? Duration.ZERO : Duration.ofNanos((long) (1e9 / mostPerSecond));
  }

  /** After which a readout passes in any case. */
  Duration heartbeat() {
    return Duration.ofSeconds(heartbeatSeconds == null ? HEARTBEAT_SECONDS : heartbeatSeconds);
  }
}
