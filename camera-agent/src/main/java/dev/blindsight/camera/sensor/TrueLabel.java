package dev.blindsight.camera.sensor;

import java.util.List;
import java.util.Optional;

/** A picture's true class, as its source tells it. */
public sealed interface TrueLabel {

  /**
   * The class's name among a model's labels.
   *
   * @param labels the model's labels, in the order of its logits
   * @return empty when the model does not know the class
   */
  Optional<String> among(List<String> labels);

  /**
   * A class told by name.
   *
   * @param name the label
   */
  record Named(String name) implements TrueLabel {
    @Override
    public Optional<String> among(List<String> labels) {
      return labels.contains(name) ? Optional.of(name) : Optional.empty();
    }
  }

  /**
   * A class told by its place among the labels, as IDX and record files do.
   *
   * @param index from 0
   */
  record Numbered(int index) implements TrueLabel {
    @Override
    public Optional<String> among(List<String> labels) {
      return index < labels.size() ? Optional.of(labels.get(index)) : Optional.empty();
    }
  }
}
