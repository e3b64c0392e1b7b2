package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.Norm.Normalised;
import dev.blindsight.trainer.onnx.TokenSequence.Piece;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer block with attention in windows: {@code x += attention(norm(x))}, then {@code x +=
 * feedForward(norm(x))}. Both parts are done for one group of windows before the next is begun.
 *
 * @param parameters of the network
 * @param plan of this layer
 */
record TransformerBlock(Parameters parameters, LayerPlan plan) {

  TokenSequence apply(Operators ops, TokenSource tokens) {
    List<WindowGroup> groups = groups();
    List<Piece> pieces = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      Operators scope = groups.size() == 1 ? ops : ops.within("windows_" + group);
      WindowGroup windows = groups.get(group);
      Residual rows = Windows.fill(scope, tokens, windows);
      pieces.addAll(
          Windows.empty(scope, feedForward(scope, attend(scope, rows, windows)), windows));
    }
    return new TokenSequence(pieces);
  }

  private List<WindowGroup> groups() {
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
  private Residual attend(Operators ops, Residual rows, WindowGroup group) {
    int layer = plan.index();
    int width = parameters.width();
    Normalised x = norm(ParameterNames.attentionNorm(layer)).apply(ops.within("norm"), rows);
    Operators scope = ops.within("attention");
    Value windows = scope.reshape(x.values(), Shape.batched(group.windows(), group.size(), width));
    String projection = ParameterNames.queryKeyValue(layer);
    Value heads =
        scope
            .fused()
            .attention(
                windows,
                parameters.matrix(scope, projection),
                parameters.constant(scope, ParameterNames.bias(projection)),
                parameters.architecture().heads(),
                scoreBias(scope, group));
    Value attended =
        parameters.linear(scope, ParameterNames.attentionOutput(layer), flat(scope, heads));
    return Residual.sum(attended, flat(scope, x.stream()));
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
  private Residual feedForward(Operators ops, Residual rows) {
    int layer = plan.index();
    Operators scope = ops.within("feed_forward");
    Normalised x = norm(ParameterNames.feedForwardNorm(layer)).apply(scope.within("norm"), rows);
    // [tokens·batch, width] to [tokens·batch, feed-forward size] and back
    Value hidden =
        parameters.linear(
            scope, ParameterNames.feedForwardExpansion(layer), flat(scope, x.values()));
    Value result =
        parameters.linear(scope, ParameterNames.feedForwardContraction(layer), scope.gelu(hidden));
    return Residual.sum(result, flat(scope, x.stream()));
  }

  /** Any arrangement of rows as [tokens·batch, width]. */
  private Value flat(Operators ops, Value x) {
    return ops.reshape(
        x, Shape.batched(x.shape().elements() / parameters.width(), parameters.width()));
  }
}
