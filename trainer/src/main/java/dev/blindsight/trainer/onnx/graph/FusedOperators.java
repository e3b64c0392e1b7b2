package dev.blindsight.trainer.onnx.graph;

import org.jspecify.annotations.Nullable;

/** Operators of ONNX Runtime (domain com.microsoft) that do the work of several standard ones. */
public final class FusedOperators {
  private final GraphBuilder graph;

  FusedOperators(GraphBuilder graph) {
    this.graph = graph;
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

  /**
   * Multi-head attention without projections: softmax(Q Kᵀ / √c + bias) V, the heads' results side
   * by side.
   *
   * @param query [windows, tokens, width]
   * @param key the same
   * @param value the same
   * @param heads a divisor of the width
   * @param scoreBias [1, 1, tokens, tokens] added to every head's scores, if any
   * @return [windows, tokens, width]
   */
  public Value multiHeadAttention(
      Value query, Value key, Value value, int heads, @Nullable Value scoreBias) {
    NodeBuilder node =
        graph.node(OperatorSet.MICROSOFT, "MultiHeadAttention").inputs(query, key, value);
    if (scoreBias != null) {
      node.withoutInput().withoutInput().inputs(scoreBias);
    }
    graph.count(2 * query.shape().elements() * query.shape().size(1));
    return node.attribute("num_heads", (long) heads).output(query.type(), query.shape());
  }

  /**
   * Products of bytes as floats: {@code (x - zeroPoint) weight · scale · weightScale + bias}.
   *
   * @param x [..., in] bytes without sign
   * @param weight [in, out] bytes with sign
   * @param scale of {@code x}, one number
   * @param weightScale [out]
   * @param zeroPoint of {@code x}, one byte
   * @param bias [out] floats
   * @return [..., out] floats
   */
  public Value matMulIntegerToFloat(
      Value x, Value weight, Value scale, Value weightScale, Value zeroPoint, Value bias) {
    Shape product = x.shape().with(-1, weight.shape().size(1));
    graph.count(product.elements() * weight.shape().size(0));
    return graph
        .node(OperatorSet.MICROSOFT, "MatMulIntegerToFloat")
        .inputs(x, weight, scale, weightScale, zeroPoint)
        .withoutInput()
        .inputs(bias)
        .output(ElementType.FLOAT32, product);
  }

  /** x σ(x), with the logistic function σ. */
  public Value sigmoidLinearUnit(Value x) {
    return graph
        .node(OperatorSet.MICROSOFT, "QuickGelu")
        .inputs(x)
        .attribute("alpha", 1f)
        .output(x.type(), x.shape());
  }
}
