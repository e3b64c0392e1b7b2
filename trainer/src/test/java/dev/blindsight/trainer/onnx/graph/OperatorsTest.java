package dev.blindsight.trainer.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  private final GraphBuilder graph = GraphBuilder.create();
  private final Operators ops = new Operators(graph);
  private final Value x = graph.input("x", ElementType.FLOAT32, Shape.batched(1, 6, 4));

  @Test
  void constant_equalContent_isStoredOnce() {
    Value first = graph.within("a").constant("weight", Shape.fixed(4), 1, 2, 3, 4);
    Value again = graph.within("b").constant("weight", Shape.fixed(4), 1, 2, 3, 4);
    Value other = graph.within("b").constant("weight", Shape.fixed(1, 4), 1, 2, 3, 4);
    graph.constant("unused", Shape.fixed(1), 7);
    graph.output("y", ops.add(ops.add(x, first), other));

    assertThat(again).isEqualTo(first);
    assertThat(other.name()).isEqualTo("b/weight");
    assertThat(built().getInitializerList()).hasSize(2);
  }

  @Test
  void node_underScopes_hasPathAsItsName() {
    Operators scope = ops.within("block_0").within("attention");
    graph.output("y", scope.add(scope.add(x, x), x));

    assertThat(built().getNodeList())
        .extracting(NodeProto::getName)
        .containsExactly("block_0/attention/add", "block_0/attention/add_2");
  }

  @Test
  void reshape_batched_leavesBatchOpen() {
    Value rows = ops.reshape(x, Shape.batched(6, 4));

    assertThat(rows.shape()).hasToString("[6·batch, 4]");
    assertThat(ops.reshape(rows, rows.shape())).isSameAs(rows);
  }

  @Test
  void reshape_reshaped_startsFromTheOrigin() {
    Value sum = ops.add(x, x);
    Value rows = ops.reshape(sum, Shape.batched(6, 4));
    graph.output("y", ops.reshape(rows, Shape.batched(1, 24)));

    assertThat(ops.reshape(rows, x.shape())).isSameAs(sum);
    assertThat(built().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly("Add", "Reshape");
  }

  @Test
  void reshape_otherNumberOfElements_isRefused() {
    assertThatThrownBy(() -> ops.reshape(x, Shape.batched(1, 5, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[batch, 6, 4]", "[batch, 5, 4]");
  }

  @Test
  void linear_innerSizesDiffer_isRefused() {
    Value rows = ops.reshape(x, Shape.batched(6, 4));
    Value weight = graph.constant("weight", Shape.fixed(3, 2), new float[6]);
    Value bias = graph.constant("bias", Shape.fixed(2), new float[2]);

    assertThatThrownBy(() -> ops.linear(rows, weight, bias))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void add_fixedRowsToBatchedRows_isRefused() {
    // Would be right for one sample and wrong for two.
    Value rows = ops.reshape(x, Shape.batched(6, 4));
    Value sixRows = graph.constant("rows", Shape.fixed(6, 4), new float[24]);
    Value oneRow = graph.constant("row", Shape.fixed(4), new float[4]);

    assertThat(ops.add(rows, oneRow).shape()).isEqualTo(rows.shape());
    assertThatThrownBy(() -> ops.add(rows, sixRows)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void slice_withSteps_countsPlaces() {
    assertThat(ops.slice(x, 1, 1, 6, 2).shape()).isEqualTo(Shape.batched(1, 3, 4));
    assertThatThrownBy(() -> ops.slice(x, 1, 1, 7, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void repeat_piece_isWrittenOnceAndCountedAsOftenAsItRuns() {
    Value weight = graph.constant("weight", Shape.fixed(4, 5), new float[20]);

    Value all =
        ops.repeat(3, (inner, number) -> inner.matMul(inner.slice(x, number, 2, 1), weight));

    assertThat(all.shape()).isEqualTo(Shape.batched(1, 6, 5));
    assertThat(graph.multiplyAdds()).isEqualTo(3 * 2 * 4 * 5);
    graph.output("y", all);
    assertThat(built().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly("Loop", "Transpose", "Reshape");
  }

  @Test
  void concat_differentWidths_isRefused() {
    Value narrow = ops.slice(x, 2, 0, 3, 1);

    assertThatThrownBy(() -> ops.concat(List.of(x, narrow)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void output_inputItself_isRefused() {
    assertThatThrownBy(() -> graph.output("y", x)).isInstanceOf(IllegalArgumentException.class);
  }

  private GraphProto built() {
    return graph.model("test", "test", Map.of()).getGraph();
  }
}
