package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer block with attention in windows: {@code x += attention(norm(x))}, then {@code x +=
 * feedForward(norm(x))}.
 *
 * @param parameters of the network
 * @param products the arithmetic
 * @param plan of this layer
 */
record TransformerBlock(Parameters parameters, MatrixProducts products, LayerPlan plan) {
  /**
   * The block for one group.
   *
   * @param filled [batch, rows, width]
   * @return the same
   */
  Value apply(Operators ops, Value filled, WindowGroup windows) {
    // [rows·batch, 1, width], as norms and products want it
    Value stream = ops.reshape(filled, Shape.batched(windows.rows(), 1, parameters.width()));
    return ops.reshape(feedForward(ops, attend(ops, stream, windows)), filled.shape());
  }

  /** How the tokens lie in windows, and which windows go together. */
  List<WindowGroup> groups() {
    if (!parameters.isReference()) {
      return WindowLayout.batchInvariant(plan);
    }
    // A norm over the tokens of a window sees its zeros, and weighs each place in its own way.
    boolean normsTokens = norm(ParameterNames.attentionNorm(plan.index())) instanceof TokenAxisNorm;
    return WindowLayout.reference(plan, normsTokens);
  }

  private Norm norm(String module) {
    return Norm.of(parameters, module, plan.window());
  }

  /** Self-attention within each window of the group. */
  private Value attend(Operators ops, Value stream, WindowGroup group) {
    int layer = plan.index();
    Rows x = norm(ParameterNames.attentionNorm(layer)).apply(ops.within("norm"), stream);
    Operators scope = ops.within("attention");
    Shape windows = Shape.batched(group.windows(), group.size(), parameters.width());
    Value heads =
        products.attention(scope, layer, x.reshaped(scope, windows), scoreBias(scope, group));
    Value attended = products.linear(scope, ParameterNames.attentionOutput(layer), Rows.of(heads));
    return scope.add(stream, scope.reshape(attended, stream.shape()));
  }

  /** Where the last row stands for n keys its scores get log n: [1, 1, size, size]. */
  private static @Nullable Value scoreBias(Operators ops, WindowGroup group) {
    if (group.lastRowCounts() == 1) {
      return null;
    }
    int size = group.size();
    float[] bias = new float[size * size];
    for (int query = 0; query < size; query++) {
      bias[query * size + size - 1] = (float) Math.log(group.lastRowCounts());
    }
    return ops.graph().constant("score_bias", Shape.fixed(1, 1, size, size), bias);
  }

  /** Two affine maps of each token with a GELU between them. */
  private Value feedForward(Operators ops, Value stream) {
    int layer = plan.index();
    Operators scope = ops.within("feed_forward");
    Rows x = norm(ParameterNames.feedForwardNorm(layer)).apply(scope.within("norm"), stream);
    Value result = products.feedForward(scope, layer, x);
    return scope.add(stream, scope.reshape(result, stream.shape()));
  }
}
