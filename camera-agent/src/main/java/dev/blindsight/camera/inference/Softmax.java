package dev.blindsight.camera.inference;

import dev.blindsight.protocol.message.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns logits into probabilities: p_i = exp(z_i - max z) / sum of exp(z_j - max z), in double
 * precision.
 */
final class Softmax {
  private Softmax() {}

  /**
   * @param logits one finite value for each label
   * @return the labels with their probabilities, likeliest first; of equally likely ones, in the
   *     order of the labels
   */
  static List<Candidate> candidates(float[] logits, List<String> labels) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    double[] exponentials = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      exponentials[i] = Math.exp(logits[i] - largest);
      sum += exponentials[i];
    }
    List<Candidate> candidates = new ArrayList<>(logits.length);
    for (int i = 0; i < logits.length; i++) {
      candidates.add(new Candidate(labels.get(i), exponentials[i] / sum));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::probability).reversed());
    return candidates;
  }
}
