package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Both implementations against what CoreNet itself computed. */
class CoreNetParityTest {

  private static final float TOLERANCE = 1e-4f;

  private static final Map<String, ReferenceModel> MODELS =
      Map.of(
          "small_k4_w16_h2", ReferenceModel.load("small_k4_w16_h2"),
          "small_k4_w64_h2_lnquirk", ReferenceModel.load("small_k4_w64_h2_lnquirk"));

  static Stream<Arguments> cases() {
    return MODELS.entrySet().stream()
        .flatMap(model -> {
          JsonNode expected =
              ReferenceModel.json(model.getValue().folder().resolve("expected.json"));
          return StreamSupport.stream(expected.get("cases").spliterator(), false)
              .map(one -> Arguments.of(model.getKey(), one.get("input").asString(), one));
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void logits_ofReferenceInput_equalCoreNet(String name, String input, JsonNode expected) {
    ReferenceModel model = MODELS.get(name);
    int length = expected.get("pad_to").asInt();
    int[] tokens = ReferenceModel.tokens(model.folder().resolve(input), length);
    float[] logits = ReferenceModel.floats(expected.get("logits_fp64"));

    float[] judged = new ReferenceForward(model.architecture(), model.weights()).logits(tokens);
    assertThat(judged).containsExactly(logits, within(TOLERANCE));
    try (ByteFormerNetwork network = network(model, length)) {
      assertThat(network.logits(tokens, 1)[0]).containsExactly(logits, within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 307})
  void trace_ofReferenceInput_equalsCoreNetAtEveryStage(int length) {
    ReferenceModel model = MODELS.get("small_k4_w16_h2");
    Path folder = model.folder().resolve("trace_" + length);
    JsonNode index = ReferenceModel.json(folder.resolve("index.json"));
    int[] tokens =
        ReferenceModel.tokens(model.folder().resolve(index.get("input").asString()), length);

    SequencedMap<String, float[]> judged = new LinkedHashMap<>();
    new ReferenceForward(model.architecture(), model.weights()).trace(tokens, judged::put);
    SequencedMap<String, Tensor> computed;
    try (ByteFormerNetwork network = network(model, length)) {
      computed = network.trace(tokens);
    }

    assertThat(computed.sequencedKeySet()).containsExactlyElementsOf(judged.keySet());
    assertThat(computed).hasSize(index.get("tensors").size());
    for (JsonNode stage : index.get("tensors")) {
      String name = stage.get("name").asString();
      float[] expected = ReferenceModel.floats(folder.resolve(stage.get("file").asString()));
      assertThat(judged.get(name)).as(name).containsExactly(expected, within(TOLERANCE));
      assertThat(computed.get(name).values()).as(name).containsExactly(expected, within(TOLERANCE));
    }
  }

  @Test
  void weights_ofReferenceCheckpoint_fitArchitectureInFileOrder() {
    ReferenceModel model = MODELS.get("small_k4_w16_h2");

    assertThat(model.weights().names())
        .containsExactlyElementsOf(model.architecture().parameterShapes().keySet());
    model.weights().requireFit(model.architecture());
  }

  private static ByteFormerNetwork network(ReferenceModel model, int length) {
    return new ByteFormerNetwork(
        model.architecture(), length, model.weights(), TrainingOptions.PLAIN);
  }
}
