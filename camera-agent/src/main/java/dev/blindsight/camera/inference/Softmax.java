package dev.blindsight.camera.inference;

import dev.blindsight.protocol.message.Candidate;
import java.util.Arrays;
import java.util.List;

/**
 * Turns logits into probabilities: p_i = exp(z_i - max z) / sum of exp(z_j - max z), in double
 * precision, and makes objects of the likeliest only.
 */
final class Softmax {
  private Softmax() {}

  /**
   * @param logits one finite value for each label
   * @param most labels to give, at least 1
   * @return the likeliest labels with their probabilities, at most {@code most}, likeliest first;
   *     of equally likely ones, in the order of the labels
   */
  static List<Candidate> likeliest(float[] logits, List<String> labels, int most) {
    int[] order = indicesOfLargest(logits, Math.min(most, logits.length));
    double largest = logits[order[0]];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    Candidate[] candidates = new Candidate[order.length];
    for (int rank = 0; rank < order.length; rank++) {
      int label = order[rank];
      candidates[rank] = new Candidate(labels.get(label), Math.exp(logits[label] - largest) / sum);
    }
    return Arrays.asList(candidates);
  }

  /** Largest first; of equal ones, the lower index first. */
  private static int[] indicesOfLargest(float[] values, int count) {
    int[] found = new int[count];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      if (size == count && values[i] <= values[found[count - 1]]) {
        continue;
      }
      int place = place(values, found, size, values[i]);
      int kept = Math.min(size, count - 1);
      System.arraycopy(found, place, found, place + 1, kept - place);
      found[place] = i;
      size = kept + 1;
    }
    return found;
  }

  /** After all that are at least as large. */
  private static int place(float[] values, int[] found, int size, float value) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[found[middle]] >= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
