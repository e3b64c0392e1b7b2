package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** The arithmetic in which a graph multiplies activations by weights. */
sealed interface MatrixProducts permits FloatProducts, Int8Products, ObservedProducts {

  /** Whether they may be written in an inner graph, which runs several times. */
  default boolean mayRepeat() {
    return true;
  }

  /**
   * A module's affine map.
   *
   * @param module the name of one that maps rows
   * @param rows [..., in]
   * @return as many rows of [out], in any arrangement
   */
  Value linear(Operators ops, String module, Rows rows);

  /**
   * A layer's two affine maps with a GELU between them.
   *
   * @param rows [..., width]
   * @return as many rows of [width], in any arrangement
   */
  default Value feedForward(Operators ops, int layer, Rows rows) {
    Value hidden = linear(ops, ParameterNames.feedForwardExpansion(layer), rows);
    Rows activated = Rows.of(ops.gelu(hidden));
    return linear(ops, ParameterNames.feedForwardContraction(layer), activated);
  }

  /**
   * Self-attention in windows, up to and without the output projection.
   *
   * @param layer whose projections are meant
   * @param windows [windows·batch, size, width]
   * @param scoreBias [1, 1, size, size] added to every head's scores, if any
   * @return [windows·batch, size, width]
   */
  Value attention(Operators ops, int layer, Rows windows, @Nullable Value scoreBias);
}
