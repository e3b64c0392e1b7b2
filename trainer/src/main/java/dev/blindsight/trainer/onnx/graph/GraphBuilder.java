package dev.blindsight.trainer.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the nodes and constants of one graph and makes an ONNX model of them.
 *
 * <p>A builder writes under a scope, a path such as {@code block_0/attention}, that readers of the
 * file see in the names; {@link #within} opens one below. All builders that come from one another
 * write the same graph.
 */
public final class GraphBuilder {
  private static final String BATCH = "batch";

  /** The newest form of file that all runtimes with operator set 20 read. */
  private static final int FILE_VERSION = 9;

  private final Content content;
  private final List<NodeProto.Builder> nodes;
  private final long runs;
  private final String scope;

  private GraphBuilder(Content content, List<NodeProto.Builder> nodes, long runs, String scope) {
    this.content = content;
    this.nodes = nodes;
    this.runs = runs;
    this.scope = scope;
  }

  /** An empty graph. */
  public static GraphBuilder create() {
    return new GraphBuilder(new Content(), new ArrayList<>(), 1, "");
  }

  /** A builder of the same graph whose names start with this one's scope and {@code name}. */
  public GraphBuilder within(String name) {
    return new GraphBuilder(content, nodes, runs, scope + name + "/");
  }

  /**
   * A builder of a graph within this one, which may use all values of this one.
   *
   * @param times how often the inner graph runs
   */
  GraphBuilder inner(String name, long times) {
    return new GraphBuilder(content, new ArrayList<>(), runs * times, scope + name + "/");
  }

  /** The nodes of an inner graph, by the values it is given and gives. */
  GraphProto graph(String name, List<Value> inputs, List<Value> outputs) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    inputs.forEach(input -> graph.addInput(describe(input)));
    needed(outputs.stream().map(Value::name).toList()).forEach(graph::addNode);
    outputs.forEach(output -> graph.addOutput(describe(output)));
    return graph.build();
  }

  /** The nodes that lead to the outputs; reshapes that were reshaped again do not. */
  private List<NodeProto> needed(List<String> outputs) {
    Set<String> wanted = new HashSet<>(outputs);
    List<NodeProto> kept = new ArrayList<>();
    for (NodeProto.Builder node : nodes.reversed()) {
      if (node.getOutputList().stream().anyMatch(wanted::contains)) {
        NodeProto needed = node.build();
        kept.addFirst(needed);
        addUsed(needed, wanted);
      }
    }
    return kept;
  }

  /** Adds the names of what a node takes, graphs within it included. */
  private static void addUsed(NodeProto node, Set<String> names) {
    names.addAll(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      attribute.getG().getNodeList().forEach(inner -> addUsed(inner, names));
    }
  }

  /** The value that others are reshapes of. */
  Value unreshaped(Value value) {
    return content.reshaped.getOrDefault(value.name(), value);
  }

  /** Remembers that a value is another one reshaped. */
  void reshaped(Value value, Value source) {
    content.reshaped.put(value.name(), source);
  }

  /** A value of this graph that no node puts out. */
  Value given(String name, ElementType type, Shape shape) {
    return new Value(uniqueName(name), type, shape);
  }

  /** Declares an input; its name is taken as it is. */
  public Value input(String name, ElementType type, Shape shape) {
    Value input = new Value(name, type, shape);
    content.inputs.add(describe(input));
    return input;
  }

  /**
   * A constant of 32-bit floats.
   *
   * @param name a hint; the scope goes before it unless an equal constant is there already
   * @param values row-major, as many as the shape has elements
   */
  public Value constant(String name, Shape shape, float... values) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return constant(name, ElementType.FLOAT32, shape, values.length, bytes);
  }

  /** A constant list of 64-bit integers, as operators take sizes and places. */
  public Value integers(String name, long... values) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return constant(name, ElementType.INT64, Shape.fixed(values.length), values.length, bytes);
  }

  /** A constant 64-bit integer without axes. */
  public Value integer(String name, long value) {
    ByteBuffer bytes = littleEndian(Long.BYTES);
    bytes.asLongBuffer().put(value);
    return constant(name, ElementType.INT64, Shape.fixed(), 1, bytes);
  }

  /** Constant 32-bit integers. */
  public Value smallIntegers(String name, Shape shape, int... values) {
    ByteBuffer bytes = littleEndian(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return constant(name, ElementType.INT32, shape, values.length, bytes);
  }

  /**
   * Constant 8-bit integers.
   *
   * @param type with or without sign
   */
  public Value bytes(String name, ElementType type, Shape shape, byte... values) {
    ByteBuffer bytes = littleEndian(values.length);
    bytes.put(values).flip();
    return constant(name, type, shape, values.length, bytes);
  }

  private Value constant(
      String name, ElementType type, Shape shape, int count, ByteBuffer littleEndian) {
    if (shape.isBatched() || shape.elements() != count) {
      throw new IllegalArgumentException("%d values for %s %s".formatted(count, name, shape));
    }
    Constant key = new Constant(type, shape, ByteString.copyFrom(littleEndian));
    return content.constants.computeIfAbsent(key, _ -> new Value(uniqueName(name), type, shape));
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Starts a node of the given operator. */
  NodeBuilder node(OperatorSet set, String operator) {
    return new NodeBuilder(this, set, operator);
  }

  void add(NodeProto.Builder node) {
    nodes.add(node);
  }

  /** Counts multiplications with accumulation that a node does for one sample. */
  void count(long multiplyAdds) {
    content.multiplyAdds += runs * multiplyAdds;
  }

  /**
   * Multiplications with accumulation that the graph's matrix products and convolutions do for one
   * sample of a batch.
   */
  public long multiplyAdds() {
    return content.multiplyAdds;
  }

  String uniqueName(String name) {
    String path = scope + name;
    int number = content.names.merge(path, 1, Integer::sum);
    return number == 1 ? path : path + "_" + number;
  }

  /**
   * Declares a node's result to be an output of the graph under the given name.
   *
   * @throws IllegalArgumentException when no node puts the value out
   */
  public void output(String name, Value value) {
    for (NodeProto.Builder node : nodes) {
      for (int output = 0; output < node.getOutputCount(); output++) {
        if (node.getOutput(output).equals(value.name())) {
          node.setOutput(output, name);
          content.outputs.add(describe(new Value(name, value.type(), value.shape())));
          return;
        }
      }
    }
    throw new IllegalArgumentException("no node puts out " + value);
  }

  /**
   * The graph as a model file's content.
   *
   * @param name of the graph
   * @param producer what wrote it
   * @param metadata keys and values that travel with the model
   */
  public ModelProto model(String name, String producer, Map<String, String> metadata) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(name);
    graph.addAllInput(content.inputs);
    graph.addAllOutput(content.outputs);
    Set<String> used = new HashSet<>();
    for (NodeProto node : needed(content.outputs.stream().map(ValueInfoProto::getName).toList())) {
      graph.addNode(node);
      addUsed(node, used);
    }
    content.constants.forEach((constant, value) -> {
      if (used.contains(value.name())) {
        graph.addInitializer(constant.named(value));
      }
    });
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(FILE_VERSION)
            .setProducerName(producer)
            .setGraph(graph);
    for (OperatorSet set : OperatorSet.values()) {
      model.addOpsetImport(
          OperatorSetIdProto.newBuilder().setDomain(set.domain()).setVersion(set.version()));
    }
    metadata.forEach((key, value) ->
        model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }

  private static ValueInfoProto describe(Value value) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < value.shape().rank(); axis++) {
      boolean isBatch = axis == 0 && value.shape().isBatched();
      TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (isBatch) {
        dimension.setDimParam(BATCH);
      } else {
        dimension.setDimValue(value.shape().size(axis));
      }
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(value.type().number()).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(value.name())
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** What all scopes of one graph write into. */
  private static final class Content {
    final List<ValueInfoProto> inputs = new ArrayList<>();
    final List<ValueInfoProto> outputs = new ArrayList<>();
    final Map<Constant, Value> constants = new LinkedHashMap<>();
    final Map<String, Integer> names = new HashMap<>();
    final Map<String, Value> reshaped = new HashMap<>();
    long multiplyAdds;
  }

  /** A constant's identity: two of the same content are one. */
  private record Constant(ElementType type, Shape shape, ByteString littleEndian) {
    TensorProto named(Value value) {
      return TensorProto.newBuilder()
          .setName(value.name())
          .setDataType(type.number())
          .addAllDims(shape.sizes())
          .setRawData(littleEndian)
          .build();
    }
  }
}
