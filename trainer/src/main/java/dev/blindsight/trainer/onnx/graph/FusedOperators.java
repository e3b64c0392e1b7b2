package dev.blindsight.trainer.onnx.graph;

import org.jspecify.annotations.Nullable;

/** Operators of ONNX Runtime (domain com.microsoft) that do the work of several standard ones. */
public final class FusedOperators {
  private final GraphBuilder graph;

  FusedOperators(GraphBuilder graph) {
    this.graph = graph;
  }

  /**
   * What {@link #skipLayerNormalization} puts out.
   *
   * @param normalised the normalised sum
   * @param sum the sum itself
   */
  public record SkipNormalised(Value normalised, Value sum) {}

  /**
   * Layer normalisation over the last axis of {@code x + skip}.
   *
   * @param x [rows, width] or [n, rows, width]
   * @param skip the shape of {@code x}, or [1, rows, width] to add the same to all of them
   * @param scale [width]
   * @param offset [width]
   * @param epsilon added to the variance
   */
  public SkipNormalised skipLayerNormalization(
      Value x, Value skip, Value scale, Value offset, double epsilon) {
    if (!x.shape().broadcast(skip.shape()).equals(x.shape())) {
      throw new IllegalArgumentException("cannot add %s to %s".formatted(skip, x));
    }
    NodeBuilder node =
        graph
            .node(OperatorSet.MICROSOFT, "SkipLayerNormalization")
            .inputs(x, skip, scale, offset)
            .attribute("epsilon", (float) epsilon);
    Value normalised = node.next(x.type(), x.shape());
    node.withoutOutput().withoutOutput();
    Value sum = node.next(x.type(), x.shape());
    node.build();
    return new SkipNormalised(normalised, sum);
  }

  /**
   * Multi-head self-attention up to and without the output projection: softmax(Q Kᵀ / √c + bias) V,
   * the heads' results side by side.
   *
   * @param x [windows, tokens, width]
   * @param weight [width, 3 width], columns of Q, then K, then V
   * @param bias [3 width]
   * @param heads a divisor of the width
   * @param scoreBias [1, 1, tokens, tokens] added to every head's scores, if any
   * @return [windows, tokens, width]
   */
  public Value attention(Value x, Value weight, Value bias, int heads, @Nullable Value scoreBias) {
    NodeBuilder node = graph.node(OperatorSet.MICROSOFT, "Attention").inputs(x, weight, bias);
    if (scoreBias != null) {
      node.withoutInput().withoutInput().inputs(scoreBias);
    }
    long width = x.shape().size(2);
    // The projection of every token, then its scores and their mixture of values.
    graph.count(x.shape().elements() * (3 * width + 2 * x.shape().size(1)));
    return node.attribute("num_heads", (long) heads).output(x.type(), x.shape());
  }
}
