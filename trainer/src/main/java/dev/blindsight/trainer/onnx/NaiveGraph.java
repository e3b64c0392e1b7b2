package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.ElementType;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ByteFormer operator by operator, as a tracing exporter writes CoreNet 1aa3acd's modules:
 * embedding and convolution, padded and rolled windows, attention in single steps, GELU by the
 * error function, standard operators only. It is what {@link FastGraph} is measured against.
 */
final class NaiveGraph {
  private static final double HIDDEN = -1e30;

  private final Parameters parameters;
  private final ByteFormerArchitecture architecture;
  private final int width;

  private NaiveGraph(Parameters parameters) {
    this.parameters = parameters;
    this.architecture = parameters.architecture();
    this.width = parameters.width();
  }

  /**
   * Writes the network.
   *
   * @param readout [batch, L] of unsigned bytes
   * @param length that the network sees: L, or more where padding tokens follow
   * @return the logits, [batch, classes]
   */
  static Value write(Parameters parameters, Operators ops, Value readout, int length) {
    NaiveGraph network = new NaiveGraph(parameters);
    Value x = network.stem(ops.within("stem"), readout, length);
    for (LayerPlan plan : parameters.architecture().plan(length)) {
      x = network.block(ops.within("block_" + plan.index()), plan, x);
      if (plan.downsample()) {
        x = network.merge(ops.within("merge_" + plan.index()), plan, x);
      }
    }
    return network.classify(ops.within("head"), x);
  }

  /** [batch, tokens, width] */
  private Value stem(Operators ops, Value readout, int length) {
    Value bytes = ops.cast(readout, ElementType.INT64);
    long padding = length - readout.shape().size(1);
    if (padding > 0) {
      bytes = ops.padWith(bytes, padding, architecture.vocabulary() - 1);
    }
    Value table = parameters.constant(ops, ParameterNames.EMBEDDINGS);
    Value channelsFirst = ops.transpose(ops.lookUp(table, bytes), 0, 2, 1);
    Value filters = parameters.constant(ops, ParameterNames.CONVOLUTION);
    Value convolved = ops.convolution(channelsFirst, filters, architecture.stride());
    Value tokens = ops.transpose(convolved, 0, 2, 1);
    return ops.add(tokens, positions(ops, Math.toIntExact(tokens.shape().size(1))));
  }

  private Value positions(Operators ops, int tokens) {
    float[] table = parameters.values(ParameterNames.POSITIONS);
    float[] rows = Arrays.copyOf(table, tokens * width);
    return ops.graph().constant("positions", Shape.fixed(1, tokens, width), rows);
  }

  private Value block(Operators ops, LayerPlan plan, Value tokens) {
    int layer = plan.index();
    Layout layout = layout(plan);
    Value x = fill(ops, layout, tokens);
    Value normed = norm(ops, ParameterNames.attentionNorm(layer), x);
    x = ops.add(x, attention(ops.within("attention"), layer, layout, normed));
    normed = norm(ops, ParameterNames.feedForwardNorm(layer), x);
    x = ops.add(x, feedForward(ops.within("feed_forward"), layer, normed));
    return empty(ops, layout, x);
  }

  /**
   * How tokens are laid into windows.
   *
   * @param size rows of a window
   * @param count windows
   * @param lead zero vectors before the tokens
   * @param tokens of the sequence
   * @param roll places by which the padded sequence turns left
   */
  private record Layout(int size, int count, int lead, int tokens, int roll) {
    int rows() {
      return size * count;
    }

    int tail() {
      return rows() - lead - tokens;
    }
  }

  private Layout layout(LayerPlan plan) {
    int size = plan.window();
    int tokens = plan.tokens();
    if (parameters.isReference()) {
      return new Layout(size, plan.windows(), 0, tokens, plan.shift());
    }
    // The shift cuts the sequence elsewhere; nothing is wrapped round.
    int lead = Math.floorMod(-plan.shift(), size);
    int count = Math.ceilDiv(lead + tokens, size);
    return count == 1
        ? new Layout(tokens, 1, 0, tokens, 0)
        : new Layout(size, count, lead, tokens, 0);
  }

  /** [batch, tokens, width] to [count·batch, size, width] */
  private Value fill(Operators ops, Layout layout, Value tokens) {
    Value x = tokens;
    if (layout.rows() != layout.tokens()) {
      x = ops.pad(x, layout.lead(), layout.tail());
    }
    x = rollLeft(ops, x, layout.roll());
    return ops.reshape(x, Shape.batched(layout.count(), layout.size(), width));
  }

  private Value empty(Operators ops, Layout layout, Value windows) {
    Value x = ops.reshape(windows, Shape.batched(1, layout.rows(), width));
    x = rollLeft(ops, x, layout.rows() - layout.roll());
    return ops.slice(x, layout.lead(), layout.lead() + layout.tokens());
  }

  private static Value rollLeft(Operators ops, Value x, int places) {
    long rows = x.shape().size(1);
    if (places % rows == 0) {
      return x;
    }
    return ops.concat(List.of(ops.slice(x, places, rows), ops.slice(x, 0, places)));
  }

  private Value attention(Operators ops, int layer, Layout layout, Value x) {
    int heads = architecture.heads();
    int headSize = architecture.headSize();
    long windows = layout.count();
    long size = layout.size();
    Value projected = linear(ops, ParameterNames.queryKeyValue(layer), x);
    Value parts = ops.reshape(projected, Shape.batched(windows, size, 3, heads, headSize));
    Value split = ops.transpose(parts, 0, 3, 2, 1, 4); // [.., heads, 3, size, head size]
    float scale = (float) (1 / Math.sqrt(headSize));
    Value query =
        ops.multiply(ops.select(split, 2, 0), ops.graph().constant("scale", Shape.fixed(1), scale));
    Value key = ops.transpose(ops.select(split, 2, 1), 0, 1, 3, 2);
    Value scores = ops.matMul(query, key); // [windows·batch, heads, size, size]
    Value mask = mask(ops, layout);
    if (mask != null) {
      Value apart = ops.reshape(scores, Shape.batched(1, windows, heads, size, size));
      scores = ops.reshape(ops.add(apart, mask), scores.shape());
    }
    Value mixed = ops.matMul(ops.softmax(scores), ops.select(split, 2, 2));
    Value joined =
        ops.reshape(ops.transpose(mixed, 0, 2, 1, 3), Shape.batched(windows, size, width));
    return linear(ops, ParameterNames.attentionOutput(layer), joined);
  }

  /** What hides zero vectors in batch-invariant networks: [1, windows, 1, 1, size]. */
  private @Nullable Value mask(Operators ops, Layout layout) {
    if (parameters.isReference() || layout.rows() == layout.tokens()) {
      return null;
    }
    float[] mask = new float[layout.rows()];
    for (int row = 0; row < mask.length; row++) {
      int token = row - layout.lead();
      mask[row] = token >= 0 && token < layout.tokens() ? 0 : (float) HIDDEN;
    }
    return ops.graph().constant("mask", Shape.fixed(1, layout.count(), 1, 1, layout.size()), mask);
  }

  private Value feedForward(Operators ops, int layer, Value x) {
    Value hidden = linear(ops, ParameterNames.feedForwardExpansion(layer), x);
    Value root = ops.graph().constant("root_of_two", Shape.fixed(1), (float) Math.sqrt(2));
    Value one = ops.graph().constant("one", Shape.fixed(1), 1);
    Value half = ops.graph().constant("half", Shape.fixed(1), 0.5f);
    Value share = ops.add(ops.erf(ops.divide(hidden, root)), one);
    Value activated = ops.multiply(ops.multiply(hidden, share), half);
    return linear(ops, ParameterNames.feedForwardContraction(layer), activated);
  }

  /** [batch, tokens, width] to [batch, tokens / 2 rounded up, width] */
  private Value merge(Operators ops, LayerPlan plan, Value tokens) {
    Value even = plan.tokens() % 2 == 0 ? tokens : ops.pad(tokens, 0, 1);
    int count = plan.tokensAfter();
    Value pairs = ops.reshape(even, Shape.batched(1, count, 2, width));
    Value interleaved =
        ops.reshape(ops.transpose(pairs, 0, 1, 3, 2), Shape.batched(1, count, 2L * width));
    String module = ParameterNames.merge(plan.index());
    Value reduced = ops.matMul(interleaved, parameters.matrix(ops, module));
    return norm(ops, ParameterNames.mergeNorm(plan.index()), reduced);
  }

  private Value classify(Operators ops, Value tokens) {
    Value pooled = ops.pool(norm(ops, ParameterNames.FINAL_NORM, tokens));
    return parameters.linear(ops, ParameterNames.CLASSIFIER, pooled);
  }

  /** The norm of [sequences, length, width]. */
  private Value norm(Operators ops, String module, Value x) {
    if (parameters.isReference() && x.shape().size(1) == width) {
      return ops.reshape(
          new TokenAxisNorm(parameters, module).apply(ops, Residual.of(x)).values(), x.shape());
    }
    return ops.layerNormalization(
        x,
        parameters.constant(ops, ParameterNames.weight(module)),
        parameters.constant(ops, ParameterNames.bias(module)),
        architecture.layerNormEpsilon());
  }

  private Value linear(Operators ops, String module, Value x) {
    Value product = ops.matMul(x, parameters.matrix(ops, module));
    return ops.add(product, parameters.constant(ops, ParameterNames.bias(module)));
  }
}
