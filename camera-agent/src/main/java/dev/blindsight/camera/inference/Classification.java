package dev.blindsight.camera.inference;

import dev.blindsight.protocol.message.Candidate;
import java.util.List;

/**
 * The answer to one readout.
 *
 * @param labels the likeliest labels with their softmax probabilities, likeliest first, at least
 *     one: all of the model's, or as many as were asked for
 */
public record Classification(List<Candidate> labels) {

  public Classification {
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("a classification needs at least one label");
    }
  }

  /** The likeliest label. */
  public Candidate top() {
    return labels.getFirst();
  }

  /** By how much the likeliest label is likelier than the next, 0..1; 1 when there is no next. */
  public double margin() {
    return labels.size() == 1 ? 1 : top().probability() - labels.get(1).probability();
  }
}
