package dev.blindsight.trainer.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Locale;

/** Builds one node: its inputs in order, its attributes, then its outputs. */
final class NodeBuilder {
  private final GraphBuilder graph;
  private final String name;
  private final NodeProto.Builder node;

  NodeBuilder(GraphBuilder graph, OperatorSet set, String operator) {
    this.graph = graph;
    this.name = graph.uniqueName(operator.toLowerCase(Locale.ROOT));
    this.node = NodeProto.newBuilder().setName(name).setOpType(operator).setDomain(set.domain());
  }

  NodeBuilder inputs(Value... values) {
    for (Value value : values) {
      node.addInput(value.name());
    }
    return this;
  }

  /** Leaves out an optional input that others follow. */
  NodeBuilder withoutInput() {
    node.addInput("");
    return this;
  }

  NodeBuilder attribute(String key, long value) {
    node.addAttribute(attribute(key, AttributeType.INT).setI(value));
    return this;
  }

  NodeBuilder attribute(String key, float value) {
    node.addAttribute(attribute(key, AttributeType.FLOAT).setF(value));
    return this;
  }

  NodeBuilder attribute(String key, GraphProto graph) {
    node.addAttribute(attribute(key, AttributeType.GRAPH).setG(graph));
    return this;
  }

  NodeBuilder attribute(String key, long[] values) {
    AttributeProto.Builder attribute = attribute(key, AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    node.addAttribute(attribute);
    return this;
  }

  private static AttributeProto.Builder attribute(String key, AttributeType type) {
    return AttributeProto.newBuilder().setName(key).setType(type);
  }

  /** The only output; completes the node. */
  Value output(ElementType type, Shape shape) {
    Value value = next(type, shape);
    build();
    return value;
  }

  /** The next of several outputs; {@link #build} completes the node. */
  Value next(ElementType type, Shape shape) {
    int index = node.getOutputCount();
    Value value = new Value(index == 0 ? name : name + ":" + index, type, shape);
    node.addOutput(value.name());
    return value;
  }

  /** Leaves out an optional output that others follow. */
  NodeBuilder withoutOutput() {
    node.addOutput("");
    return this;
  }

  void build() {
    graph.add(node);
  }
}
