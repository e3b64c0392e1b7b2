package dev.blindsight.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.trainer.data.Bars;
import dev.blindsight.trainer.data.TestRecipes;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainCommandTest {
  @TempDir private Path root;
  private String recipe = "";
  private String run = "";
  private String out = "";
  private String err = "";

  @BeforeEach
  void writeRecipe() throws IOException {
    Bars.write(root, 160, 60);
    run = root.resolve("run").toString();
    recipe = root.resolve("bars.yaml").toString();
    Files.writeString(
        Path.of(recipe),
        RecipeFile.write(TestRecipes.idx(root, Bars.SIDE, Bars.SIDE, "dataset.held_out=30")));
  }

  private int execute(String... arguments) {
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    CommandLine line = BlindsightTrainer.commandLine();
    line.setOut(new PrintWriter(stdout, true));
    line.setErr(new PrintWriter(stderr, true));
    int code = line.execute(arguments);
    out = stdout.toString();
    err = stderr.toString();
    return code;
  }

  private static JsonNode json(String line) {
    return JsonMapper.builder().build().readTree(line);
  }

  @Test
  void train_thenExportAndEvaluate_agreeOnTheAccuracy() {
    String model = root.resolve("model.onnx").toString();

    assertThat(execute("train", "--recipe", recipe, "--out", run, "--json")).isZero();
    assertThat(out.lines()).hasSize(1);
    assertThat(err.lines()).hasSize(4).allMatch(line -> line.startsWith("epoch "));
    int correct = json(out).get("correct").asInt();
    assertThat(json(out).get("pictures").asInt()).isEqualTo(60);
    assertThat(json(out).get("epochs").asInt()).isEqualTo(4);

    assertThat(execute("evaluate", "--model", run, "--recipe", recipe, "--json")).isZero();
    assertThat(out.lines()).hasSize(1);
    assertThat(json(out).get("correct").asInt()).isEqualTo(correct);

    assertThat(execute("export", "--run", run, "--out", model)).isZero();
    assertThat(execute("evaluate", "--model", model, "--recipe", recipe, "--json")).isZero();
    assertThat(json(out).get("correct").asInt()).isBetween(correct - 1, correct + 1);

    assertThat(execute("evaluate", "--model", model, "--recipe", recipe)).isZero();
    assertThat(out).contains("of 60 pictures recognised").contains("Columns: what was answered");
    assertThat(err).isEmpty();
  }

  @Test
  void evaluate_modelOfAnotherSpec_isRefusedInOneLine() {
    assertThat(execute("train", "--recipe", recipe, "--out", run, "--set", "training.epochs=1"))
        .isZero();

    assertThat(
            execute(
                "evaluate", "--model", run, "--recipe", recipe, "--set", "readout.mask.keep=0.4"))
        .isEqualTo(2);
    assertOneLine("was trained for readout spec");
    assertThat(
            execute(
                "evaluate",
                "--model",
                run,
                "--recipe",
                recipe,
                "--set",
                "dataset.labels=[a, b, c]"))
        .isEqualTo(2);
    assertOneLine("was trained for other labels");
  }

  @Test
  void evaluate_fileThatIsNoModel_isRefusedInOneLine() {
    assertThat(execute("evaluate", "--model", recipe, "--recipe", recipe)).isEqualTo(2);
    assertOneLine("is not an ONNX model");

    assertThat(execute("evaluate", "--model", "nowhere.onnx", "--recipe", recipe)).isEqualTo(2);
    assertOneLine("nowhere.onnx: no such file");

    assertThat(execute("evaluate", "--model", root.toString(), "--recipe", recipe)).isEqualTo(2);
    assertOneLine("holds no training");
  }

  @Test
  void train_missingDataset_saysHowToGetItAndWritesNothing() {
    assertThat(execute("train", "--recipe", recipe, "--out", run, "--set", "dataset.root=/nowhere"))
        .isEqualTo(2);

    assertOneLine("/nowhere/train.idx3: no such file: run the test again");
    assertThat(Path.of(run)).doesNotExist();
  }

  @Test
  void train_keyedRecipeWithoutSecret_saysWhatToGive() {
    assertThat(
            execute(
                "train",
                "--recipe",
                recipe,
                "--out",
                run,
                "--set",
                "readout.mask.scheme=keyed",
                "--set",
                "readout.permutation.scheme=keyed"))
        .isEqualTo(2);

    assertOneLine("give the device secret with --secret");
  }

  @Test
  void train_badUsage_isOneLine() {
    assertThat(execute("train", "--recipe", recipe)).isEqualTo(2);
    assertOneLine("--out");
    assertThat(execute("train", "--out", run)).isEqualTo(2);
    assertOneLine("--recipe");
    assertThat(execute("train", "--recipe", recipe, "--profile", "0")).isEqualTo(2);
    assertOneLine("--profile is 0.0");
    assertThat(execute("trian")).isEqualTo(2);
    assertOneLine("trian");
  }

  @Test
  void train_profile_printsFiguresOnly() {
    assertThat(execute("train", "--recipe", recipe, "--profile", "0.05", "--json")).isZero();

    assertThat(json(out).get("made_per_second").asDouble()).isPositive();
    assertThat(err).isEmpty();
  }

  private void assertOneLine(String expected) {
    assertThat(out).isEmpty();
    assertThat(err.strip().lines()).hasSize(1);
    assertThat(err).startsWith("blindsight: ").contains(expected);
  }
}
