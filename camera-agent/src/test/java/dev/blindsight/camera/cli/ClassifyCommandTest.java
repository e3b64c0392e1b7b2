package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.readout.Readout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassifyCommandTest {
  @TempDir Path directory;

  private Path model;
  private Path picture;
  private Path readout;

  @BeforeEach
  void writeFiles() throws IOException {
    model = directory.resolve("m.onnx");
    picture = directory.resolve("p.png");
    readout = directory.resolve("r.bin");
    Files.write(model, LinearModel.grey28("m").bytes());
    Files.write(picture, PngFile.grey(28, 28, (x, y) -> 5 * x + 4 * y));
    try (var sensor =
            ReadoutSensors.open(
                SensorSource.parse("simulated:" + picture), LinearModel.spec28(), "test");
        Readout read = sensor.read().orElseThrow()) {
      Files.write(readout, read.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"m.onnx", "bundled"})
  void classify_readoutAndPictureOfOneExposure_agree(String name) {
    String source = name.equals("bundled") ? name : directory.resolve(name).toString();

    CommandLineRun byReadout =
        CommandLineRun.of("classify", "--model", source, "--readout", readout.toString(), "--json");
    CommandLineRun byPicture =
        CommandLineRun.of("classify", "--model", source, "--image", picture.toString(), "--json");

    assertThat(byReadout.err()).isEmpty();
    assertThat(byReadout.exitCode()).isZero();
    assertThat(byPicture).isEqualTo(byReadout);
    assertThat(byReadout.out()).hasLineCount(1);
    JsonNode json = new JsonMapper().readTree(byReadout.out());
    assertThat(json.propertyNames()).containsExactly("logits", "top");
    assertThat(json.get("logits")).hasSize(10);
    assertThat(json.get("top")).hasSize(5);
    assertThat(json.get("top").get(0).get("probability").asDouble())
        .isGreaterThanOrEqualTo(json.get("top").get(1).get("probability").asDouble());
  }

  @Test
  void classify_readout_printsTheModelsOwnLogits() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            "classify", "--model", model.toString(), "--readout", readout.toString(), "--json");

    JsonNode logits = new JsonMapper().readTree(run.out()).get("logits");
    float[] expected = LinearModel.logits(Files.readAllBytes(readout));
    for (int label = 0; label < 10; label++) {
      assertThat(logits.get(label).asDouble()).isCloseTo(expected[label], within(1e-4));
    }
  }

  @Test
  void classify_onTheProcessor_isWhatAutoDoesWithoutAGpu() {
    CommandLineRun auto = classify("auto");

    assertThat(auto.exitCode()).isZero();
    assertThat(classify("cpu")).isEqualTo(auto);
  }

  @Test
  void classify_onAGpuWithTheLibraryForProcessors_isOneLine() {
    assertBadInput(
        classify("cuda"),
        "provider is cuda, but this build of ONNX Runtime is for the processor only: ");
  }

  private CommandLineRun classify(String provider) {
    return CommandLineRun.of(
        "classify",
        "--model",
        model.toString(),
        "--readout",
        readout.toString(),
        "--provider",
        provider);
  }

  @Test
  void classify_withoutJson_listsTheLikeliestLabels() {
    CommandLineRun run =
        CommandLineRun.of("classify", "--model", model.toString(), "--readout", readout.toString());

    assertThat(run.out()).hasLineCount(5).matches("(?s) *\\d+\\.\\d %  \\d\n.*");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 77, 79, 100_000})
  void classify_readoutOfWrongLength_isOneLine(int length) throws IOException {
    Files.write(readout, new byte[length]);

    assertBadInput(
        CommandLineRun.of("classify", "--model", model.toString(), "--readout", readout.toString()),
        readout + ": has ");
  }

  @Test
  void classify_pictureOfWrongSize_isOneLine() throws IOException {
    Files.write(picture, PngFile.grey(32, 28, (x, y) -> 0));

    assertBadInput(
        CommandLineRun.of("classify", "--model", model.toString(), "--image", picture.toString()),
        picture + ": the picture is 32x28, the readout spec wants 28x28");
  }

  @Test
  void classify_damagedPicture_isOneLine() throws IOException {
    Files.write(picture, Arrays.copyOf(Files.readAllBytes(picture), 60));

    assertBadInput(
        CommandLineRun.of("classify", "--model", model.toString(), "--image", picture.toString()),
        picture + ": cannot be read as a picture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--readout", "--image"})
  void classify_missingFile_isOneLine(String option) {
    Path missing = directory.resolve("none.png");

    assertBadInput(
        CommandLineRun.of("classify", "--model", model.toString(), option, missing.toString()),
        missing + ": no ");
  }

  @Test
  void classify_corruptModel_isOneLine() throws IOException {
    Files.write(model, Arrays.copyOf(Files.readAllBytes(model), 1500));

    assertBadInput(
        CommandLineRun.of("classify", "--model", model.toString(), "--readout", readout.toString()),
        model + ": is no whole ONNX model");
  }

  @Test
  void classify_neitherReadoutNorPicture_asksForOne() {
    CommandLineRun run = CommandLineRun.of("classify", "--model", model.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--readout", "--image").hasLineCount(1);
  }

  private static void assertBadInput(CommandLineRun run, String beginning) {
    assertThat(run.err()).startsWith("blindsight classify: " + beginning).hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }
}
