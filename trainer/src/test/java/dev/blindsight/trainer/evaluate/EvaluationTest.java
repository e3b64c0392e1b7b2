package dev.blindsight.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.data.Split;
import dev.blindsight.trainer.data.TestRecipes;
import dev.blindsight.trainer.recipe.DatasetSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvaluationTest {
  private static final DatasetSource DATASET = TestRecipes.idx(Path.of("."), 8, 8).dataset();
  private static final SensorGeometry GEOMETRY = new SensorGeometry(4, 1, 1);
  private static final ReadoutSpec SPEC = ReadoutSpec.corenet(GEOMETRY, 1, true);

  /** Answers with the class that the first value says, and remembers what it was shown. */
  private static final class Telltale implements Classifier {
    private final List<byte[]> shown = new ArrayList<>();

    @Override
    public float[][] logits(byte[][] readouts) {
      shown.addAll(List.of(readouts));
      float[][] logits = new float[readouts.length][3];
      for (int i = 0; i < readouts.length; i++) {
        int value = SPEC.permutation().inverse().apply(Byte.toUnsignedInt(readouts[i][0]));
        Arrays.fill(logits[i], -1);
        logits[i][value] = 0.5f;
      }
      return logits;
    }

    @Override
    public void close() {}
  }

  private static Pictures pictures(int[] answers, int[] labels) {
    byte[][] values = new byte[answers.length][4];
    for (int i = 0; i < answers.length; i++) {
      values[i][0] = (byte) answers[i];
      values[i][3] = (byte) i;
    }
    return Pictures.of(GEOMETRY, values, labels);
  }

  @Test
  void measure_knownAnswers_countsEachPair() {
    Pictures pictures = pictures(new int[] {0, 1, 1, 2, 0}, new int[] {0, 1, 0, 2, 2});

    Evaluation evaluation = Evaluation.measure(new Telltale(), SPEC, pictures, DATASET, Split.TEST);

    assertThat(evaluation.pictures()).isEqualTo(5);
    assertThat(evaluation.correct()).isEqualTo(3);
    assertThat(evaluation.accuracy()).isCloseTo(0.6, within(1e-12));
    assertThat(evaluation.confusion())
        .containsExactly(List.of(1, 1, 0), List.of(0, 1, 0), List.of(1, 0, 1));
    assertThat(evaluation.perClass())
        .containsExactly(
            new ClassAccuracy("left", 2, 0.5, 0.5),
            new ClassAccuracy("right", 1, 1, 0.5),
            new ClassAccuracy("both", 2, 0.5, 1));
  }

  @Test
  void measure_manyPictures_showsEachOnceAsTheDeviceReadsIt() {
    int count = 600;
    Pictures pictures = pictures(new int[count], new int[count]);
    Telltale classifier = new Telltale();

    Evaluation evaluation = Evaluation.measure(classifier, SPEC, pictures, DATASET, Split.TEST);

    assertThat(evaluation.correct()).isEqualTo(count);
    assertThat(classifier.shown).hasSize(count);
    for (int i = 0; i < count; i++) {
      assertThat(classifier.shown.get(i)).isEqualTo(SPEC.acquire(pictures.exposure(i)));
    }
  }

  @Test
  void toJson_evaluation_isOneLineWithTheAgreedKeys() {
    Pictures pictures = pictures(new int[] {0, 2}, new int[] {0, 1});
    Evaluation evaluation = Evaluation.measure(new Telltale(), SPEC, pictures, DATASET, Split.TEST);

    String text = evaluation.toJson();

    JsonNode json = JsonMapper.builder().build().readTree(text);
    assertThat(text).doesNotContain("\n");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.get("pictures").asInt()).isEqualTo(2);
    assertThat(json.get("correct").asInt()).isEqualTo(1);
    assertThat(json.get("split").asString()).isEqualTo("test");
    assertThat(json.get("labels").get(2).asString()).isEqualTo("both");
    assertThat(json.get("confusion").get(1).get(2).asInt()).isEqualTo(1);
    assertThat(json.get("per_class").get(0).get("recall").asDouble()).isEqualTo(1);
  }

  @Test
  void toText_evaluation_showsFiguresAndMatrix() {
    Pictures pictures = pictures(new int[] {0, 2}, new int[] {0, 1});

    String text = Evaluation.measure(new Telltale(), SPEC, pictures, DATASET, Split.TEST).toText();

    assertThat(text)
        .startsWith("bars, test split: 1 of 2 pictures recognised, 50.00 %\n")
        .contains("left                    1  100.0 %   100.0 %")
        .contains("  1 right            0     0     1");
  }
}
