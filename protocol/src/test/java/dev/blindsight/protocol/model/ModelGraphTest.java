package dev.blindsight.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import org.junit.jupiter.api.Test;

class ModelGraphTest {

  @Test
  void parse_written_isEqual() {
    ModelGraph graph = new ModelGraph(GraphForm.FAST, Precision.INT8, 9_920_000_000L);

    assertThat(graph.toJson())
        .isEqualTo("{\"form\":\"fast\",\"precision\":\"int8\",\"multiply_adds\":9920000000}");
    assertThat(ModelGraph.parse(graph.toJson())).isEqualTo(graph);
  }

  @Test
  void parse_noMultiplications_isRefused() {
    assertThatThrownBy(() ->
            ModelGraph.parse("{\"form\":\"fast\",\"precision\":\"fp32\",\"multiply_adds\":0}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("multiply_adds is 0");
  }

  @Test
  void parse_textOfAnySize_isRefusedInOneLine() {
    assertThatThrownBy(() -> ModelGraph.parse(" ".repeat(5000)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("5000 characters");
  }
}
