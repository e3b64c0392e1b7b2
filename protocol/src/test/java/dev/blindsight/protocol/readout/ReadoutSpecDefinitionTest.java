package dev.blindsight.protocol.readout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadoutSpecDefinitionTest {
  private static final String KEYED =
      """
      {"geometry": {"width": 28, "height": 28, "channels": 1},
       "mask": {"scheme": "keyed", "keep": 0.1, "secret": "hall"},
       "permutation": {"scheme": "keyed"}}
      """;

  @Test
  void resolve_corenet_equalsTheSpecAndNeedsNoSecret() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);
    ReadoutSpecDefinition definition = ReadoutSpecDefinition.of(spec);
    String json = StrictMapper.json().write(definition);

    assertThat(json)
        .isEqualTo(
            """
            {"geometry":{"width":28,"height":28,"channels":1},\
            "mask":{"scheme":"corenet","keep":0.1},"permutation":{"scheme":"corenet"}}\
            """);
    ReadoutSpecDefinition parsed = ReadoutSpecDefinition.parse(json, "spec.json");
    assertThat(parsed).isEqualTo(definition);
    assertThat(parsed.needsSecret()).isFalse();
    assertThat(parsed.length()).isEqualTo(78);
    assertThat(
            parsed.resolve(name -> {
              throw new AssertionError(name);
            }))
        .isEqualTo(spec);
  }

  @Test
  void resolve_keyed_asksForTheNamedOrOwnSecret() {
    List<String> asked = new ArrayList<>();
    ReadoutSpec spec =
        ReadoutSpecDefinition.parse(KEYED, "spec.json")
            .resolve(name -> {
              asked.add(name);
              return Secrets.counting();
            });

    assertThat(asked).containsExactly("hall", ReadoutSpecDefinition.OWN_SECRET);
    assertThat(spec)
        .isEqualTo(ReadoutSpec.keyed(new SensorGeometry(28, 28, 1), 0.1, Secrets.counting()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "keep"    | "kep"        | spec.json: mask.kep: unknown key: did you mean keep?
          "width"   | "widht"      | spec.json: geometry.widht: unknown key: did you mean width?
          "keyed"   | "keyd"       | spec.json: mask.scheme: expected one of corenet, keyed, found "keyd"
          0.1       | 0            | spec.json: mask: keep is 0.0: give a fraction greater than 0, at most 1
          0.1       | "x"          | spec.json: mask.keep: expected a number, found "x"
          0.1       | null         | spec.json: mask.keep: is empty: give it a value
          0.1       | 0.001        | spec.json: keep 0.001 of 784 elements keeps no channel: give at least 0.0012755102040816326
          28,       | 28.5,        | spec.json: geometry.width: expected a whole number in range, found 28.5
          28,       | 99999999999, | spec.json: geometry.width: expected a whole number in range, found 99999999999
          28,       | 0,           | spec.json: geometry: width is 0: give a whole number from 1 to 65535
          , "channels": 1 | ''     | spec.json: geometry.channels: is missing: add it
          """)
  void parse_oneThingWrong_isOneLineWithFileFieldAndRemedy(
      String right, String wrong, String message) {
    String json = KEYED.replaceFirst(Pattern.quote(right), wrong);

    assertThatThrownBy(() -> ReadoutSpecDefinition.parse(json, "spec.json"))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void parse_secretWithoutKeyedScheme_isRefused() {
    String json = KEYED.replaceFirst("keyed", "corenet");

    assertThatThrownBy(() -> ReadoutSpecDefinition.parse(json, "spec.json"))
        .hasMessage(
            "spec.json: mask: secret has no use with scheme corenet: remove it, or set scheme to"
                + " keyed");
  }
}
