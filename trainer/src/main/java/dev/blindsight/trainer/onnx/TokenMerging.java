package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.List;

/**
 * Halves a sequence: neighbouring tokens are joined to one vector, which a matrix makes a token
 * again; a norm follows. A token without a neighbour gets a zero vector.
 *
 * @param parameters of the network
 * @param products the arithmetic
 * @param plan of the layer after which tokens are merged
 */
record TokenMerging(Parameters parameters, MatrixProducts products, LayerPlan plan) {

  /**
   * Whether pieces of the sequence can be merged each for itself.
   *
   * @param starts places of the pieces' first tokens
   */
  boolean isPossibleApart(List<Integer> starts) {
    return norm() instanceof RowNorm && starts.stream().allMatch(start -> start % 2 == 0);
  }

  /** [batch, tokens, width] to [batch, tokens / 2 rounded up, width] */
  Value merge(Operators ops, Value tokens) {
    int width = parameters.width();
    long length = tokens.shape().size(1);
    Value even = length % 2 == 0 ? tokens : ops.pad(tokens, 0, 1);
    long count = Math.ceilDiv(length, 2);
    Value pairs = ops.reshape(even, Shape.batched(count, 2L * width));
    Value reduced = products.linear(ops, ParameterNames.merge(plan.index()), Rows.of(pairs));
    Value merged = norm().apply(ops, reduced).complete(ops);
    return ops.reshape(merged, Shape.batched(1, count, width));
  }

  private Norm norm() {
    return Norm.of(parameters, ParameterNames.mergeNorm(plan.index()), plan.tokensAfter());
  }
}
