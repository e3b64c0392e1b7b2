package dev.blindsight.trainer.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.ArrayList;
import java.util.List;

/**
 * The standard ONNX operators that the networks use. Each method adds a node and returns what it
 * puts out; each throws IllegalArgumentException when shapes do not fit.
 */
public final class Operators {
  private static final String AXIS = "axis";

  private final GraphBuilder graph;

  /** Operators that write into a graph, under the builder's scope. */
  public Operators(GraphBuilder graph) {
    this.graph = graph;
  }

  /** Operators of the same graph one scope below. */
  public Operators within(String name) {
    return new Operators(graph.within(name));
  }

  /** The builder, for inputs, constants and outputs. */
  public GraphBuilder graph() {
    return graph;
  }

  /** ONNX Runtime's fused operators, in the same graph and scope. */
  public FusedOperators fused() {
    return new FusedOperators(graph);
  }

  /** The same values as another type. */
  public Value cast(Value x, ElementType type) {
    return node("Cast").inputs(x).attribute("to", type.number()).output(type, x.shape());
  }

  /**
   * Every {@code step}-th place of an axis but the first, from {@code from} to before {@code to}.
   */
  public Value slice(Value x, int axis, long from, long to, long step) {
    require(axis > 0 && from >= 0 && from < to && to <= x.shape().size(axis), "slice", x);
    return node("Slice")
        .inputs(x, places(from), places(to), places(axis), places(step))
        .output(x.type(), x.shape().with(axis, Math.ceilDiv(to - from, step)));
  }

  /** Axis 1 from {@code from} to before {@code to}; {@code x} itself where that is all of it. */
  public Value slice(Value x, long from, long to) {
    return from == 0 && to == x.shape().size(1) ? x : slice(x, 1, from, to, 1);
  }

  /**
   * Every {@code step}-th place of axis 1 from one that is only known when the graph runs.
   *
   * @param from [1], the first place
   * @param count of places
   */
  public Value slice(Value x, Value from, long count, long step) {
    Value to = add(from, graph.integers("length", (count - 1) * step + 1));
    return node("Slice")
        .inputs(x, from, to, places(1), places(step))
        .output(x.type(), x.shape().with(1, count));
  }

  /** What a repeated piece of graph does in one run. */
  @FunctionalInterface
  public interface Run {
    /**
     * Writes the piece.
     *
     * @param ops of the inner graph
     * @param number of the run from 0, [1] of 64-bit integers
     * @return [batch, rows, width]
     */
    Value write(Operators ops, Value number);
  }

  /**
   * Runs a piece of graph several times and puts what it gives one after the other. Its nodes and
   * their constants are there once, however often it runs.
   *
   * @return [batch, times · rows, width]
   */
  public Value repeat(int times, Run run) {
    Operators inner = new Operators(graph.inner("run", times));
    Value number = inner.graph.given("number", ElementType.INT64, Shape.fixed());
    Value goesOn = inner.graph.given("goes_on", ElementType.BOOLEAN, Shape.fixed());
    Value piece = run.write(inner, inner.reshape(number, Shape.fixed(1)));
    Value goesOnStill = inner.identity(goesOn);
    GraphProto body =
        inner.graph.graph(
            graph.uniqueName("run"), List.of(number, goesOn), List.of(goesOnStill, piece));
    long rows = piece.shape().size(1);
    long width = piece.shape().size(2);
    // Comes out as [times, batch, rows, width], a shape that values here cannot have.
    Shape turned = Shape.batched(1, times, rows, width);
    Value stacked =
        node("Loop")
            .inputs(graph.integer("times", times))
            .withoutInput()
            .attribute("body", body)
            .output(piece.type(), turned);
    Value apart =
        node("Transpose")
            .inputs(stacked)
            .attribute("perm", new long[] {1, 0, 2, 3})
            .output(piece.type(), turned);
    return reshape(apart, Shape.batched(1, times * rows, width));
  }

  /** Values joined along axis 1; a single value is returned as it is. */
  public Value concat(List<Value> values) {
    Value first = values.getFirst();
    if (values.size() == 1) {
      return first;
    }
    long length = values.stream().mapToLong(value -> value.shape().size(1)).sum();
    Shape shape = first.shape().with(1, length);
    for (Value value : values) {
      require(value.shape().with(1, length).equals(shape), "concat", first, value);
    }
    return node("Concat")
        .inputs(values.toArray(Value[]::new))
        .attribute(AXIS, 1L)
        .output(first.type(), shape);
  }

  /** Zeros put before and after {@code x} along axis 1. */
  public Value pad(Value x, long before, long after) {
    int rank = x.shape().rank();
    long[] pads = new long[2 * rank];
    pads[1] = before;
    pads[rank + 1] = after;
    return node("Pad")
        .inputs(x, graph.integers("pads", pads))
        .output(x.type(), x.shape().with(1, before + x.shape().size(1) + after));
  }

  /** Whole numbers with {@code count} more of one value after them along axis 1. */
  public Value padWith(Value x, long count, int value) {
    int rank = x.shape().rank();
    long[] pads = new long[2 * rank];
    pads[rank + 1] = count;
    Value filler =
        switch (x.type()) {
          case INT32 -> graph.smallIntegers("filler", Shape.fixed(), value);
          case INT64 -> graph.integer("filler", value);
          case FLOAT32, UINT8, INT8, BOOLEAN ->
              throw new IllegalArgumentException("cannot pad with a number: " + x);
        };
    return node("Pad")
        .inputs(x, graph.integers("pads", pads), filler)
        .output(x.type(), x.shape().with(1, x.shape().size(1) + count));
  }

  /** The same elements in another shape; {@code x} or what it was before where that has it. */
  public Value reshape(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    boolean fits =
        x.shape().elements() == shape.elements() && x.shape().isBatched() == shape.isBatched();
    require(fits, "reshape to " + shape, x);
    Value source = graph.unreshaped(x);
    if (source.shape().equals(shape)) {
      return source;
    }
    long[] sizes = shape.sizes().stream().mapToLong(Long::longValue).toArray();
    if (shape.isBatched()) {
      sizes[0] = -1;
    }
    Value result =
        node("Reshape").inputs(source, graph.integers("shape", sizes)).output(x.type(), shape);
    graph.reshaped(result, source);
    return result;
  }

  /** The axes in another order; a batched first axis must stay first. */
  public Value transpose(Value x, int... order) {
    require(order.length == x.shape().rank(), "transpose", x);
    require(!x.shape().isBatched() || order[0] == 0, "transpose", x);
    long[] permutation = new long[order.length];
    Shape shape = x.shape();
    for (int axis = 0; axis < order.length; axis++) {
      permutation[axis] = order[axis];
      shape = shape.with(axis, x.shape().size(order[axis]));
    }
    return node("Transpose").inputs(x).attribute("perm", permutation).output(x.type(), shape);
  }

  /** Place {@code index} of an axis but the first; the axis disappears. */
  public Value select(Value x, int axis, int index) {
    require(axis > 0 && index < x.shape().size(axis), "select", x);
    List<Long> sizes = new ArrayList<>(x.shape().sizes());
    sizes.remove(axis);
    return node("Gather")
        .inputs(x, graph.integer("index", index))
        .attribute(AXIS, (long) axis)
        .output(x.type(), new Shape(x.shape().isBatched(), sizes));
  }

  /**
   * Rows of a table.
   *
   * @param table [rows, width]
   * @param rows whole numbers below the number of rows, in any shape
   * @return the shape of {@code rows} and an axis of {@code width} more
   */
  public Value lookUp(Value table, Value rows) {
    require(table.shape().rank() == 2 && !table.shape().isBatched(), "look up", table);
    List<Long> sizes = new ArrayList<>(rows.shape().sizes());
    sizes.add(table.shape().size(1));
    return node("Gather")
        .inputs(table, rows)
        .attribute(AXIS, 0L)
        .output(table.type(), new Shape(rows.shape().isBatched(), sizes));
  }

  public Value add(Value a, Value b) {
    return elementwise("Add", a, b);
  }

  public Value subtract(Value a, Value b) {
    return elementwise("Sub", a, b);
  }

  public Value multiply(Value a, Value b) {
    return elementwise("Mul", a, b);
  }

  public Value divide(Value a, Value b) {
    return elementwise("Div", a, b);
  }

  private Value elementwise(String operator, Value a, Value b) {
    return node(operator).inputs(a, b).output(a.type(), a.shape().broadcast(b.shape()));
  }

  public Value squareRoot(Value x) {
    return node("Sqrt").inputs(x).output(x.type(), x.shape());
  }

  /** The error function. */
  public Value erf(Value x) {
    return node("Erf").inputs(x).output(x.type(), x.shape());
  }

  /** x Φ(x) with the exact normal distribution, not its approximation by a hyperbolic tangent. */
  public Value gelu(Value x) {
    return node("Gelu").inputs(x).output(x.type(), x.shape());
  }

  /** Softmax over the last axis. */
  public Value softmax(Value x) {
    return node("Softmax").inputs(x).attribute(AXIS, -1L).output(x.type(), x.shape());
  }

  /** The mean over axis 1, which stays with size 1. */
  public Value meanOfAxis1(Value x) {
    return mean(x, true, x.shape().with(1, 1));
  }

  /** The mean over axis 1 of [n, tokens, width], which disappears. */
  public Value pool(Value x) {
    require(x.shape().rank() == 3, "pool", x);
    List<Long> sizes = List.of(x.shape().size(0), x.shape().size(2));
    return mean(x, false, new Shape(x.shape().isBatched(), sizes));
  }

  private Value mean(Value x, boolean keepAxis, Shape shape) {
    return node("ReduceMean")
        .inputs(x, places(1))
        .attribute("keepdims", keepAxis ? 1L : 0L)
        .output(x.type(), shape);
  }

  /**
   * Matrix products over the last two axes.
   *
   * @param a [..., rows, inner]
   * @param b [inner, columns], or as many axes as {@code a} with the same outer ones
   */
  public Value matMul(Value a, Value b) {
    boolean sameOuter =
        b.shape().rank() == 2
            || b.shape().with(-1, 1).with(-2, 1).equals(a.shape().with(-1, 1).with(-2, 1));
    require(a.shape().size(-1) == b.shape().size(-2) && sameOuter, "multiply", a, b);
    Shape product = a.shape().with(-1, b.shape().size(-1));
    graph.count(product.elements() * a.shape().size(-1));
    return node("MatMul").inputs(a, b).output(a.type(), product);
  }

  /**
   * {@code x weight + bias} of rows.
   *
   * @param x [rows, in]
   * @param weight [in, out]
   * @param bias [out]
   */
  public Value linear(Value x, Value weight, Value bias) {
    require(
        x.shape().rank() == 2 && x.shape().size(1) == weight.shape().size(0),
        "multiply",
        x,
        weight);
    Shape product = x.shape().with(1, weight.shape().size(1));
    graph.count(product.elements() * weight.shape().size(0));
    return node("Gemm").inputs(x, weight, bias).output(x.type(), product);
  }

  /**
   * A strided convolution without padding.
   *
   * @param x [n, channels, length]
   * @param weight [out, channels, kernel]
   * @return [n, out, (length - kernel) / stride + 1]
   */
  public Value convolution(Value x, Value weight, long stride) {
    long kernel = weight.shape().size(2);
    require(x.shape().size(1) == weight.shape().size(1), "convolve", x, weight);
    long places = (x.shape().size(2) - kernel) / stride + 1;
    graph.count(places * weight.shape().elements());
    return node("Conv")
        .inputs(x, weight)
        .attribute("kernel_shape", new long[] {kernel})
        .attribute("strides", new long[] {stride})
        .output(x.type(), x.shape().with(1, weight.shape().size(0)).with(2, places));
  }

  /** Each row of each instance normalised over its elements: [instances, 1, elements]. */
  public Value instanceNormalization(Value x, double epsilon) {
    require(x.shape().rank() == 3 && x.shape().size(1) == 1, "normalise", x);
    return node("InstanceNormalization")
        .inputs(
            x,
            graph.constant("one", Shape.fixed(1), 1f),
            graph.constant("nothing", Shape.fixed(1), 0f))
        .attribute("epsilon", (float) epsilon)
        .output(x.type(), x.shape());
  }

  /**
   * Floats as bytes without sign: {@code round(x / scale) + zeroPoint}, cut to 0..255.
   *
   * @param scale one number
   * @param zeroPoint one byte
   */
  public Value quantise(Value x, Value scale, Value zeroPoint) {
    return node("QuantizeLinear").inputs(x, scale, zeroPoint).output(ElementType.UINT8, x.shape());
  }

  /** The same value under a name of its own. */
  public Value identity(Value x) {
    return node("Identity").inputs(x).output(x.type(), x.shape());
  }

  /** Layer normalisation over the last axis, with an affine map after it. */
  public Value layerNormalization(Value x, Value scale, Value offset, double epsilon) {
    return node("LayerNormalization")
        .inputs(x, scale, offset)
        .attribute(AXIS, -1L)
        .attribute("epsilon", (float) epsilon)
        .output(x.type(), x.shape());
  }

  private Value places(long... values) {
    return graph.integers("places", values);
  }

  private NodeBuilder node(String operator) {
    return graph.node(OperatorSet.STANDARD, operator);
  }

  private static void require(boolean condition, String what, Value... values) {
    if (!condition) {
      throw new IllegalArgumentException("cannot %s: %s".formatted(what, List.of(values)));
    }
  }
}
