package dev.blindsight.trainer.byteformer;

import java.util.Arrays;
import java.util.List;

/** An immutable float32 tensor in row-major order. */
public final class Tensor {

  private final List<Integer> shape;
  private final float[] values;

  private Tensor(List<Integer> shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * Copies the values.
   *
   * @param shape dimensions, each at least 0; empty for a scalar
   * @param values as many as the product of the dimensions
   * @throws IllegalArgumentException when the number of values does not fit the shape
   */
  public static Tensor of(List<Integer> shape, float[] values) {
    return owning(shape, values.clone());
  }

  /** Takes the array over: the caller must not write to it any more. */
  static Tensor owning(List<Integer> shape, float[] values) {
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "shape %s needs %d values, not %d".formatted(shape, elements(shape), values.length));
    }
    return new Tensor(List.copyOf(shape), values);
  }

  /** Product of the dimensions. */
  static long elements(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** Dimensions, outermost first. */
  public List<Integer> shape() {
    return shape;
  }

  /** A copy of the values, row-major. */
  public float[] values() {
    return values.clone();
  }

  /** Number of values. */
  public int size() {
    return values.length;
  }

  /** The value at a row-major index. */
  public float get(int index) {
    return values[index];
  }

  /** Writes all values into {@code target}, from {@code offset} on. */
  void copyTo(float[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && shape.equals(tensor.shape)
        && Arrays.equals(values, tensor.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
