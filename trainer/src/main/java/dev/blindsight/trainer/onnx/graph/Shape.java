package dev.blindsight.trainer.onnx.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of a value. Only the number of samples in a batch is unknown when a graph is written,
 * and it only ever multiplies the first axis: {@code Shape.batched(4, 128, 96)} is four windows of
 * 128 tokens of each sample, printed {@code [4·batch, 128, 96]}.
 *
 * @param isBatched whether the first axis is a multiple of the number of samples
 * @param sizes of the axes, outermost first; the first one for a single sample; empty for a scalar
 */
public record Shape(boolean isBatched, List<Long> sizes) {

  /**
   * @throws IllegalArgumentException when a size is below 1, or a scalar is batched
   */
  public Shape {
    sizes = List.copyOf(sizes);
    if (sizes.stream().anyMatch(size -> size < 1) || (isBatched && sizes.isEmpty())) {
      throw new IllegalArgumentException("no shape: " + sizes);
    }
  }

  /** A shape that does not depend on the number of samples. */
  public static Shape fixed(long... sizes) {
    return new Shape(false, Arrays.stream(sizes).boxed().toList());
  }

  /** A shape whose first axis is {@code sizes[0]} times the number of samples. */
  public static Shape batched(long... sizes) {
    return new Shape(true, Arrays.stream(sizes).boxed().toList());
  }

  /** The number of axes. */
  public int rank() {
    return sizes.size();
  }

  /**
   * The size of an axis, of one sample.
   *
   * @param axis 0..rank-1, or -1 for the last, -2 for the one before it, and so on
   */
  public long size(int axis) {
    return sizes.get(axis < 0 ? rank() + axis : axis);
  }

  /** The number of elements, of one sample. */
  public long elements() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** This shape but for one axis. */
  public Shape with(int axis, long size) {
    List<Long> changed = new ArrayList<>(sizes);
    changed.set(axis < 0 ? rank() + axis : axis, size);
    return new Shape(isBatched, changed);
  }

  /** The shape of an element-wise operation's result, by the rules of NumPy. */
  Shape broadcast(Shape other) {
    if (rank() < other.rank()) {
      return other.broadcast(this);
    }
    int missing = rank() - other.rank();
    List<Long> result = new ArrayList<>(sizes);
    for (int axis = missing; axis < rank(); axis++) {
      long mine = size(axis);
      long theirs = other.size(axis - missing);
      if (mine != theirs && mine != 1 && theirs != 1) {
        throw new IllegalArgumentException("%s does not go with %s".formatted(this, other));
      }
      result.set(axis, Math.max(mine, theirs));
    }
    // A batched axis is longer than its size says: it goes with another one, or with 1.
    boolean sharesFirstAxis = missing == 0;
    boolean fits =
        other.isBatched
            ? sharesFirstAxis && (isBatched || size(0) == 1)
            : !isBatched || !sharesFirstAxis || other.size(0) == 1;
    if (!fits) {
      throw new IllegalArgumentException("%s does not go with %s".formatted(this, other));
    }
    return new Shape(isBatched || other.isBatched, result);
  }

  @Override
  public String toString() {
    String first = isBatched ? (size(0) == 1 ? "batch" : size(0) + "·batch") : null;
    String text =
        sizes.stream()
            .skip(isBatched ? 1 : 0)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return first == null
        ? "[%s]".formatted(text)
        : "[%s]".formatted(text.isEmpty() ? first : first + ", " + text);
  }
}
