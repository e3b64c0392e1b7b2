package dev.blindsight.trainer.byteformer;

/**
 * What shapes the training graph itself, fixed for the life of a {@link ByteFormerNetwork}.
 *
 * @param precision arithmetic of matrix products; weights, sums and norms stay float32
 * @param dropout probability, 0 (off) to below 1, with which a value is dropped after the stem and
 *     at the end of each residual branch
 * @param stochasticDepth probability, 0 (off) to below 1, with which the last layer's residual
 *     branches are left out for a window of a sample; earlier layers' grow linearly from 0
 * @param labelSmoothing share of each target, 0 to below 1, that is spread evenly over all classes
 * @param threads number of threads for PyTorch's operators, at least 1; 0 leaves PyTorch's choice
 */
public record TrainingOptions(
    Precision precision,
    double dropout,
    double stochasticDepth,
    double labelSmoothing,
    int threads) {

  /** Arithmetic of the matrix products. */
  public enum Precision {
    FLOAT32,
    BFLOAT16
  }

  /** float32, nothing dropped, nothing smoothed, one thread. */
  public static final TrainingOptions PLAIN = new TrainingOptions(Precision.FLOAT32, 0, 0, 0, 1);

  public TrainingOptions {
    requireShare("dropout", dropout);
    requireShare("stochasticDepth", stochasticDepth);
    requireShare("labelSmoothing", labelSmoothing);
    if (threads < 0) {
      throw new IllegalArgumentException("threads must not be negative: " + threads);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1): " + value);
    }
  }
}
