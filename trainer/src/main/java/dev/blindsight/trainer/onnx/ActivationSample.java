package dev.blindsight.trainer.onnx;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Values that a module was given: the extremes of all, and a sample of limited size.
 *
 * <p>The best range for bytes is narrower than the values' where a few lie far out: cutting them
 * off costs less than the coarser steps for all the others. It is found by trying quantiles as ends
 * and taking the least mean squared error (Nagel et al., "A white paper on neural network
 * quantization", 2021, section 3.1).
 */
final class ActivationSample {
  private static final int LIMIT = 1 << 16;

  /** Shares of values tried beyond each end of the range. */
  private static final double[] TAILS = {0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2};

  private final int perPart;
  private float[] values = new float[1024];
  private int count;
  private float lowest;
  private float highest;

  /**
   * @param parts how often values will be added
   */
  ActivationSample(int parts) {
    perPart = Math.max(1, LIMIT / parts);
  }

  /** Adds all remaining values of a buffer. */
  void add(FloatBuffer part) {
    int length = part.remaining();
    // An odd step meets all channels, whose number is most often even.
    int step = Math.max(1, length / perPart) | 1;
    for (int i = 0; i < length; i++) {
      float value = part.get(part.position() + i);
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
      if (i % step == 0) {
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
      }
    }
  }

  /** The scale by which the sample loses least. */
  ActivationScale bestScale() {
    float[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    ActivationScale best = ActivationScale.spanning(lowest, highest);
    double least = squaredError(sorted, best);
    for (double low : TAILS) {
      for (double high : TAILS) {
        ActivationScale candidate =
            ActivationScale.spanning(
                low == 0 ? lowest : quantile(sorted, low),
                high == 0 ? highest : quantile(sorted, 1 - high));
        double error = squaredError(sorted, candidate);
        if (error < least) {
          least = error;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static float quantile(float[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  private static double squaredError(float[] values, ActivationScale scale) {
    double sum = 0;
    for (float value : values) {
      double difference = value - scale.roundTrip(value);
      sum += difference * difference;
    }
    return sum;
  }
}
