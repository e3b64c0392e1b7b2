package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The network of one graph, and its parameters as that graph's constants. */
final class Parameters {
  private final ByteFormerArchitecture architecture;
  private final Weights weights;
  private final Map<String, Object> results = new HashMap<>();

  /**
   * @throws IllegalArgumentException when the weights do not fit the architecture
   */
  Parameters(ByteFormerArchitecture architecture, Weights weights) {
    weights.requireFit(architecture);
    this.architecture = architecture;
    this.weights = weights;
  }

  ByteFormerArchitecture architecture() {
    return architecture;
  }

  /** The width of a token. */
  int width() {
    return architecture.embeddingSize();
  }

  /** Whether windows are padded and wrapped as in CoreNet 1aa3acd. */
  boolean isReference() {
    return architecture.attention() == AttentionMode.REFERENCE;
  }

  /** The plain values of a parameter, row-major. */
  float[] values(String name) {
    return weights.values(name);
  }

  /** A parameter in the shape that CoreNet keeps it in. */
  Value constant(Operators ops, String name) {
    return derived(
        name,
        () -> {
          long[] sizes = weights.tensor(name).shape().stream().mapToLong(i -> i).toArray();
          return ops.graph().constant(name, Shape.fixed(sizes), weights.values(name));
        });
  }

  /** A module's weight, which CoreNet keeps as [out, in], as [in, out]. */
  Value matrix(Operators ops, String module) {
    String name = ParameterNames.weight(module);
    return derived(
        name + " transposed",
        () -> {
          int[] shape = weights.shape(name);
          float[] values = transposed(weights.values(name), shape[0]);
          return ops.graph().constant(name, Shape.fixed(shape[1], shape[0]), values);
        });
  }

  /** Whether a module adds a bias. */
  boolean hasBias(String module) {
    return weights.names().contains(ParameterNames.bias(module));
  }

  /**
   * A module's map of rows that have yet to go through {@code pending}, if anything; of a merge, of
   * pairs of tokens one after the other.
   */
  AffineMap affine(String module, @Nullable ChannelMap pending) {
    return derived(
        module + (pending == null ? "" : " after its norm"),
        () -> {
          String name = ParameterNames.weight(module);
          int[] shape = weights.shape(name);
          float[] matrix = transposed(weights.values(name), shape[0]);
          if (ParameterNames.isMerge(module)) {
            matrix = oneAfterTheOther(matrix, shape[0]);
          }
          float[] bias =
              hasBias(module) ? weights.values(ParameterNames.bias(module)) : new float[shape[0]];
          AffineMap map = new AffineMap(shape[1], shape[0], matrix, bias);
          return pending == null ? map : map.after(pending);
        });
  }

  /** What is computed from parameters, or a constant of the graph, made at its first use. */
  @SuppressWarnings("unchecked") // one key always has one type
  <T> T derived(String key, Supplier<T> computation) {
    Object known = results.get(key);
    if (known == null) {
      known = computation.get();
      results.put(key, known);
    }
    return (T) known;
  }

  /**
   * A merge's matrix for pairs of tokens that lie one after the other. CoreNet 1aa3acd interleaves
   * the two tokens' channels and keeps the matrix for that order.
   *
   * @param interleaved [2 width, width]
   */
  private static float[] oneAfterTheOther(float[] interleaved, int width) {
    float[] result = new float[interleaved.length];
    for (int channel = 0; channel < width; channel++) {
      for (int token = 0; token < 2; token++) {
        int from = (2 * channel + token) * width;
        System.arraycopy(interleaved, from, result, (token * width + channel) * width, width);
      }
    }
    return result;
  }

  /** Transposes a matrix of the given number of rows. */
  private static float[] transposed(float[] values, int rows) {
    int columns = values.length / rows;
    float[] result = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = values[row * columns + column];
      }
    }
    return result;
  }
}
