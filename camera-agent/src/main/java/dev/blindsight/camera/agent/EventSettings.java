package dev.blindsight.camera.agent;

import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When classifications make an event: the {@code events} part of an agent's configuration.
 *
 * @param enter the probability from which a label may begin an event, greater than 0, at most 1;
 *     absent, 0.7
 * @param leave the probability below which it may end, greater than 0, at most {@code enter};
 *     absent, 0.4 or {@code enter}, whichever is less
 * @param dwellMillis how long a label must stay above {@code enter} to begin, below {@code leave}
 *     to end, 0..3600000; absent, 1000
 * @param labels those that make events, 1..1000; absent, all
 */
public record EventSettings(
    @Nullable Double enter,
    @Nullable Double leave,
    @Nullable Integer dwellMillis,
    @Nullable List<String> labels) {
  private static final double ENTER = 0.7;
  private static final double LEAVE = 0.4;
  private static final int DWELL_MILLIS = 1000;
  private static final int LONGEST_DWELL = 60 * 60 * 1000;
  private static final int MOST_LABELS = 1000;

  /**
   * @throws UserError when a value is out of range
   */
  public EventSettings {
    requireProbability("enter", enter);
    requireProbability("leave", leave);
    if (leave != null && leave > enter(enter)) {
      throw new UserError(
          "leave is %s, enter %s: give a leave that is not above enter"
              .formatted(leave, enter(enter)));
    }
    if (dwellMillis != null && (dwellMillis < 0 || dwellMillis > LONGEST_DWELL)) {
      throw new UserError(
          "dwell_millis is %d: give a whole number from 0 to %d"
              .formatted(dwellMillis, LONGEST_DWELL));
    }
    if (labels != null && (labels.isEmpty() || labels.size() > MOST_LABELS)) {
      throw new UserError(
          "labels are %d: name 1 to %d, or leave labels out for all"
              .formatted(labels.size(), MOST_LABELS));
    }
    labels = labels == null ? null : List.copyOf(labels);
  }

  private static void requireProbability(String name, @Nullable Double value) {
    if (value != null && !(value > 0 && value <= 1)) {
      throw new UserError(
          "%s is %s: give a probability greater than 0, at most 1".formatted(name, value));
    }
  }

  private static double enter(@Nullable Double enter) {
    return enter == null ? ENTER : enter;
  }

  /** The probability from which a label may begin an event. */
  double enterOrDefault() {
    return enter(enter);
  }

  /** The probability below which it may end. */
  double leaveOrDefault() {
    return leave == null ? Math.min(LEAVE, enterOrDefault()) : leave;
  }

  /** How long it must stay there. */
  Duration dwell() {
    return Duration.ofMillis(dwellMillis == null ? DWELL_MILLIS : dwellMillis);
  }

  /** Whether a label makes events. */
  boolean covers(String label) {
    return labels == null || labels.contains(label);
  }
}
