package dev.blindsight.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
  private static final SensorGeometry GEOMETRY = new SensorGeometry(28, 28, 1);

  @Property(tries = 100)
  void parse_anyCardWritten_readsBackEqual(
      @ForAll @NotBlank @StringLength(max = 128) String name,
      @ForAll @IntRange(min = 1, max = 50) int classes,
      @ForAll long seed,
      @ForAll boolean permute) {
    ModelCard card = card(ReadoutSpec.corenet(GEOMETRY, 0.1, permute), name, classes, seed);

    assertThat(ModelCard.parse(card.toJson())).isEqualTo(card);
  }

  @Test
  void toJson_card_isOneLineWithStableKeys() {
    assertThat(card().toJson())
        .doesNotContain("\n")
        .startsWith("{\"version\":1,\"name\":\"model\",\"spec\":\"47f00fae")
        .contains(
            "\"architecture\":{\"embedding_size\":64,\"layers\":2,\"heads\":2,\"feed_forward_size\":128")
        .contains("\"attention\":\"batch_invariant\"")
        .contains("\"training\":{\"recipe\":\"r\",\"recipe_sha256\":");
  }

  @Test
  void parse_keyedCard_needsNoSecret() {
    DeviceSecret secret = DeviceSecret.of(new byte[DeviceSecret.BYTES]);
    ModelCard card = card(ReadoutSpec.keyed(GEOMETRY, 0.1, secret), "keyed", 2, 0);

    ModelCard parsed = ModelCard.parse(card.toJson());

    assertThat(parsed.readout().needsSecret()).isTrue();
    assertThat(parsed.readout().resolve(_ -> secret).id()).isEqualTo(parsed.spec());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "version":1       | "version":2       | model card: version is 2: this program reads version 1; use a matching release
          "input_length":78 | "input_length":79 | model card: input_length is 79, but the readout keeps 78 bytes: export the model for its readout spec
          ["c0","c1"]       | ["c0"]            | model card: labels has 1 entries for 2 classes: give one for each class
          ["c0","c1"]       | ["c0","c0"]       | model card: labels names "c0" twice: give each class its own name
          ["c0","c1"]       | ["c0",""]         | model card: labels has an entry of 0 characters: give 1 to 256
          "spec":"47f0      | "spec":"00        | model card: spec: a spec id is 64 lower-case hex digits: copy it from the model card
          "spec":"47f0      | "spec":"47f1      | model card: spec is 47f10fae896b, but the readout it describes is 47f00fae896b: export the model again
          "heads":2         | "heads":5         | model card: architecture: heads is 5, which does not divide embedding_size 64: choose a divisor
          "heads"           | "haeds"           | model card: architecture.haeds: unknown key: did you mean heads?
          "top1":0.8        | "top1":1.8        | model card: accuracy[0]: top1 is 1.8: give a share from 0 to 1
          "top1":0.8        | "top1":"NaN"      | model card: accuracy[0]: top1 is NaN: give a share from 0 to 1
          "labels":[          | "padded_length":90,"labels":[ | model card: padded_length is 90, but only reference attention sees padding: leave it out
          "maximum_tokens":38 | "maximum_tokens":37 | model card: an input of 78 bytes makes 38 tokens, more than maximum_tokens 37: give a shorter input or raise it
          """)
  void parse_oneThingWrong_isOneLineThatNamesIt(String right, String wrong, String message) {
    String json = card().toJson();
    assertThat(json).contains(right);

    assertThatThrownBy(() -> ModelCard.parse(json.replace(right, wrong)))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Property
  void parse_mutatedCard_givesACardOrAUserErrorOfOneLine(
      @ForAll @IntRange(max = 10_000) int place, @ForAll char character) {
    StringBuilder json = new StringBuilder(card().toJson());
    json.setCharAt(place % json.length(), character);
    try {
      assertThat(ModelCard.parse(json.toString()).version()).isEqualTo(1);
    } catch (UserError e) {
      assertThat(e.getMessage()).hasLineCount(1).startsWith("model card");
    }
  }

  @Test
  void parse_exposureLargerThanAnySensor_isRefusedBeforeItsMaskIsComputed() {
    String json =
        card()
            .toJson()
            .replace("\"width\":28,\"height\":28", "\"width\":65535,\"height\":4000")
            .replace("\"keep\":0.1", "\"keep\":2.98E-7");

    assertThatThrownBy(() -> ModelCard.parse(json))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("model card: readout.geometry has 262140000 channel values");
  }

  @Test
  void parse_hugeText_isRefusedUnread() {
    assertThatThrownBy(() -> ModelCard.parse(" ".repeat((8 << 20) + 1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("more than");
  }

  @Test
  void parse_paddingInReferenceAttention_isBounded() {
    String json = card().toJson().replace("batch_invariant", "reference");

    ModelCard padded =
        ModelCard.parse(json.replace("\"labels\":[", "\"padded_length\":79,\"labels\":["));
    assertThat(padded.networkLength()).isEqualTo(79);
    assertThat(ModelCard.parse(padded.toJson())).isEqualTo(padded);
    assertThatThrownBy(() ->
            ModelCard.parse(json.replace("\"labels\":[", "\"padded_length\":77,\"labels\":[")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("shorter than input_length 78");
    assertThatThrownBy(() ->
            ModelCard.parse(json.replace("\"labels\":[", "\"padded_length\":80,\"labels\":[")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("maximum_tokens 38");
  }

  private static ModelCard card() {
    return card(ReadoutSpec.corenet(GEOMETRY, 0.1, true), "model", 2, 7);
  }

  private static ModelCard card(ReadoutSpec spec, String name, int classes, long seed) {
    return new ModelCard(
        ModelCard.VERSION,
        name,
        spec.id(),
        ReadoutSpecDefinition.of(spec),
        spec.length(),
        null,
        IntStream.range(0, classes).mapToObj(i -> "c" + i).toList(),
        new ByteFormerArchitecture(
            64,
            2,
            2,
            128,
            4,
            List.of(16, 16),
            List.of(0, 8),
            List.of(true, false),
            38,
            classes,
            1e-5,
            AttentionMode.BATCH_INVARIANT),
        new Training("r", "0".repeat(64), "fashion-mnist", seed, 3, "0.1.0"),
        List.of(new Accuracy("fashion-mnist", "test", 10_000, 0.8, "blindsight evaluate")),
        null);
  }
}
