package dev.blindsight.camera.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one label through a hysteresis of two thresholds (a Schmitt trigger) with a dwell time:
 * it must stay at or above the upper one for the dwell time to be there, and below the lower one
 * for as long to be gone. A value that falls back between the two starts the waiting again.
 */
final class LabelWatch {
  private final String label;
  private final double enter;
  private final double leave;
  private final Duration dwell;
  private final Event event = new Event();
  private boolean inside;
  private @Nullable Instant turnedAt;
  private double probability;

  /** What has come together of an event that runs or may begin. */
  private static final class Event {
    private @Nullable Instant beganAt;
    private double peak;
    private long answers;
  }

  LabelWatch(String label, EventSettings settings) {
    this.label = label;
    this.enter = settings.enterOrDefault();
    this.leave = settings.leaveOrDefault();
    this.dwell = settings.dwell();
  }

  String label() {
    return label;
  }

  /** Whether nothing runs and nothing may begin, so that it need not be remembered. */
  boolean idle() {
    return !inside && turnedAt == null;
  }

  /** A classification. */
  Optional<EventMessage> answered(Instant at, double newProbability) {
    probability = newProbability;
    if (inside || newProbability >= enter) {
      if (!inside && turnedAt == null) {
        event.peak = 0;
        event.answers = 0;
      }
      event.peak = Math.max(event.peak, newProbability);
      event.answers++;
    }
    return passed(at);
  }

  /** Time has passed, and nothing has changed since the last classification. */
  Optional<EventMessage> passed(Instant at) {
    boolean turning = inside ? probability < leave : probability >= enter;
    if (!turning) {
      turnedAt = null;
      return Optional.empty();
    }
    Instant turned = turnedAt == null ? at : turnedAt;
    turnedAt = turned;
    if (Duration.between(turned, at).compareTo(dwell) < 0) {
      return Optional.empty();
    }
    turnedAt = null;
    if (inside) {
      return Optional.of(end(turned));
    }
    inside = true;
    event.beganAt = turned;
    return Optional.of(message(EventMessage.Kind.BEGIN, turned, null));
  }

  /** Ends what runs. */
  Optional<EventMessage> stopped(Instant at) {
    turnedAt = null;
    return inside ? Optional.of(end(at)) : Optional.empty();
  }

  private EventMessage end(Instant at) {
    inside = false;
    Instant began = event.beganAt == null ? at : event.beganAt;
    return message(EventMessage.Kind.END, began, at);
  }

  private EventMessage message(EventMessage.Kind kind, Instant beganAt, @Nullable Instant endedAt) {
    return new EventMessage(
        kind,
        "%d-%s".formatted(beganAt.toEpochMilli(), label),
        label,
        beganAt,
        endedAt,
        event.peak,
        event.answers);
  }
}
