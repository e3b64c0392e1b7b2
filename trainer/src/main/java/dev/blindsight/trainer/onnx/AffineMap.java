package dev.blindsight.trainer.onnx;

import java.util.Arrays;

/**
 * An affine map of rows, {@code x weight + bias}.
 *
 * @param inputs length of a row
 * @param outputs length of its image
 * @param weight [inputs, outputs], row-major; written by nobody
 * @param bias [outputs]; written by nobody
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AffineMap(int inputs, int outputs, float[] weight, float[] bias) {

  /**
   * @throws IllegalArgumentException when the arrays are not of these sizes
   */
  AffineMap {
    if (weight.length != inputs * outputs || bias.length != outputs) {
      throw new IllegalArgumentException(
          "%d weights and %d biases for %d to %d"
              .formatted(weight.length, bias.length, inputs, outputs));
    }
  }

  /** The map of rows that have not been through {@code first}: both in one. */
  AffineMap after(ChannelMap first) {
    float[] scaled = new float[weight.length];
    double[] shifted = new double[outputs];
    for (int in = 0; in < inputs; in++) {
      for (int out = 0; out < outputs; out++) {
        double entry = weight[in * outputs + out];
        scaled[in * outputs + out] = (float) (first.scale()[in] * entry);
        shifted[out] += first.offset()[in] * entry;
      }
    }
    float[] moved = new float[outputs];
    for (int out = 0; out < outputs; out++) {
      moved[out] = (float) (bias[out] + shifted[out]);
    }
    return new AffineMap(inputs, outputs, scaled, moved);
  }

  /** The map to {@code factor} times its images. */
  AffineMap times(double factor) {
    return new AffineMap(inputs, outputs, multiplied(weight, factor), multiplied(bias, factor));
  }

  /** The map of {@code factor} times its rows to the same images. */
  AffineMap ofMultiples(double factor) {
    return new AffineMap(inputs, outputs, multiplied(weight, 1 / factor), bias);
  }

  private static float[] multiplied(float[] values, double factor) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) (factor * values[i]);
    }
    return result;
  }

  /** The part of the map that gives outputs {@code from} to before {@code to}. */
  AffineMap columns(int from, int to) {
    int count = to - from;
    float[] part = new float[inputs * count];
    for (int in = 0; in < inputs; in++) {
      System.arraycopy(weight, in * outputs + from, part, in * count, count);
    }
    return new AffineMap(inputs, count, part, Arrays.copyOfRange(bias, from, to));
  }
}
