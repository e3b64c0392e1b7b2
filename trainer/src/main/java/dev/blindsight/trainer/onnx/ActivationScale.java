package dev.blindsight.trainer.onnx;

/**
 * How activations become bytes: {@code round(x / scale) + zeroPoint}, cut to 0..255.
 *
 * @param scale what a step stands for, above 0
 * @param zeroPoint the byte that stands for 0, 0..255
 */
record ActivationScale(float scale, int zeroPoint) {
  private static final int LARGEST = 255;

  /**
   * @throws IllegalArgumentException when a field is out of range
   */
  ActivationScale {
    if (!(scale > 0) || !Float.isFinite(scale) || zeroPoint < 0 || zeroPoint > LARGEST) {
      throw new IllegalArgumentException("scale %s, zero point %d".formatted(scale, zeroPoint));
    }
  }

  /** The scale that spreads a range, widened to hold 0, over all bytes. */
  static ActivationScale spanning(double lowest, double highest) {
    double low = Math.min(lowest, 0);
    double high = Math.max(highest, 0);
    if (high == low) {
      return new ActivationScale(1, 0);
    }
    double step = Math.max((high - low) / LARGEST, Float.MIN_NORMAL);
    int zeroPoint = Math.clamp(Math.round(-low / step), 0, LARGEST);
    return new ActivationScale((float) step, zeroPoint);
  }

  /** The scale of values {@code factor} times as large. */
  ActivationScale times(double factor) {
    return new ActivationScale((float) (factor * scale), zeroPoint);
  }

  /** What is left of a value after it was a byte. */
  double roundTrip(double value) {
    long step = Math.clamp(Math.round(value / scale) + zeroPoint, 0, LARGEST);
    return (step - zeroPoint) * (double) scale;
  }
}
