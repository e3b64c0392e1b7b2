package dev.blindsight.camera.inference;

import java.util.List;

/**
 * The answer to one readout.
 *
 * @param labels every label of the model with its probability, most probable first; never empty
 */
public record Classification(List<LabelProbability> labels) {

  public Classification {
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("a classification needs at least one label");
    }
  }

  /** The most probable label. */
  public LabelProbability top() {
    return labels.getFirst();
  }
}
