package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;

/**
 * ByteFormer as ONNX Runtime runs it fastest on a processor: the stem as tables, windows in chunks
 * that stay in a cache through a whole layer, fused attention and norms.
 */
final class FastGraph {
  private FastGraph() {}

  /**
   * Writes the network.
   *
   * @param products the arithmetic of its maps; the classifier always computes in floats
   * @param readout [batch, L] of unsigned bytes
   * @param length that the network sees: L, or more where padding tokens follow
   * @return the logits, [batch, classes]
   */
  static Value write(
      Parameters parameters, MatrixProducts products, Operators ops, Value readout, int length) {
    TokenSource tokens = TableStem.of(parameters, ops.within("stem"), readout, length);
    for (LayerPlan plan : parameters.architecture().plan(length)) {
      tokens =
          EncoderLayer.of(parameters, products, plan)
              .apply(ops.within("layer_" + plan.index()), tokens);
    }
    return new ClassifierHead(parameters).apply(ops.within("head"), tokens);
  }
}
