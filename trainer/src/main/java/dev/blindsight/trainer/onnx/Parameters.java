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

/** The network of one graph, and its parameters as that graph's constants. */
final class Parameters {
  private final ByteFormerArchitecture architecture;
  private final Weights weights;
  private final Map<String, Value> constants = new HashMap<>();

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
    return once(
        name,
        () -> {
          long[] sizes = weights.tensor(name).shape().stream().mapToLong(i -> i).toArray();
          return ops.graph().constant(name, Shape.fixed(sizes), weights.values(name));
        });
  }

  /** A module's weight, which CoreNet keeps as [out, in], as [in, out]. */
  Value matrix(Operators ops, String module) {
    String name = ParameterNames.weight(module);
    return once(
        name + " transposed",
        () -> {
          int[] shape = weights.shape(name);
          float[] values = transposed(weights.values(name), shape[0]);
          return ops.graph().constant(name, Shape.fixed(shape[1], shape[0]), values);
        });
  }

  /** A module's affine map of rows: [rows, in] to [rows, out]. */
  Value linear(Operators ops, String module, Value rows) {
    return ops.linear(rows, matrix(ops, module), constant(ops, ParameterNames.bias(module)));
  }

  /** What is derived from parameters, computed at its first use. */
  Value once(String key, Supplier<Value> derived) {
    Value known = constants.get(key);
    if (known == null) {
      known = derived.get();
      constants.put(key, known);
    }
    return known;
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
