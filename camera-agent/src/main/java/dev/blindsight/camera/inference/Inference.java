package dev.blindsight.camera.inference;

import java.util.Arrays;

/**
 * What a model answers to one readout.
 *
 * @param logits one value for each label, in the order of the model card's labels; the record's
 *     own, written by nobody
 * @param classification the same as probabilities
 */
@SuppressWarnings("ArrayRecordComponent") // equals and toString below treat the array by content
public record Inference(float[] logits, Classification classification) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Inference(float[] theirs, Classification theirClassification)
        && Arrays.equals(logits, theirs)
        && classification.equals(theirClassification);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(logits);
  }

  @Override
  public String toString() {
    return "Inference[%s, %s]".formatted(Arrays.toString(logits), classification.top());
  }
}
