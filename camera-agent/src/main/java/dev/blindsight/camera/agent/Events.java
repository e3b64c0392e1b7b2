package dev.blindsight.camera.agent;

import dev.blindsight.protocol.message.Candidate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes events of classifications: a label that stays likely begins one, a label that stays
 * unlikely ends it. Exposures that the change gate held back count as the last answer said again.
 * Thread-safe; answers that come after later ones are passed over.
 */
final class Events {
  private final EventSettings settings;
  private final Consumer<EventMessage> publisher;
  private final Map<String, LabelWatch> watches = new TreeMap<>();
  private Instant last = Instant.MIN;

  /**
   * @param publisher sends the beginnings and ends, in their order
   */
  Events(EventSettings settings, Consumer<EventMessage> publisher) {
    this.settings = settings;
    this.publisher = publisher;
  }

  /**
   * A classification.
   *
   * @param at when the exposure was taken
   * @param candidates the likeliest labels; one that is not among them counts as impossible
   */
  synchronized void answered(Instant at, List<Candidate> candidates) {
    if (at.isBefore(last)) {
      return;
    }
    last = at;
    Map<String, Double> probabilities = new HashMap<>();
    for (Candidate candidate : candidates) {
      if (settings.covers(candidate.label())) {
        probabilities.put(candidate.label(), candidate.probability());
        watches.computeIfAbsent(candidate.label(), label -> new LabelWatch(label, settings));
      }
    }
    tell(watch -> watch.answered(at, probabilities.getOrDefault(watch.label(), 0.0)));
  }

  /** An exposure showed what the last classified one did. */
  synchronized void unchanged(Instant at) {
    if (!at.isBefore(last)) {
      last = at;
      tell(watch -> watch.passed(at));
    }
  }

  /** Nothing more comes: ends what runs. */
  synchronized void stopped(Instant at) {
    tell(watch -> watch.stopped(at));
  }

  private void tell(Function<LabelWatch, Optional<EventMessage>> step) {
    // In the order of their names, so that what begins and ends together does so in one order.
    for (LabelWatch watch : List.copyOf(watches.values())) {
      step.apply(watch).ifPresent(publisher);
      if (watch.idle()) {
        watches.remove(watch.label());
      }
    }
  }
}
