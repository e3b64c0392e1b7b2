package dev.blindsight.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Training;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportCommandTest {
  private static final int PICTURES = 5;
  private static final SensorGeometry GEOMETRY = new SensorGeometry(6, 4, 1);

  @TempDir private Path folder;
  private Path run = Path.of("");
  private Path model = Path.of("");
  private Path pictures = Path.of("");
  private ByteFormerArchitecture network = recipe(Path.of("data")).network();
  private String out = "";
  private String err = "";

  @BeforeEach
  void finishedRun() throws IOException {
    run = Files.createDirectory(folder.resolve("run"));
    model = folder.resolve("model.onnx");
    pictures = folder.resolve("test.bin");
    Recipe recipe = recipe(folder);
    network = recipe.network();
    ModelCard card =
        new ModelCard(
            ModelCard.VERSION,
            recipe.name(),
            ReadoutSpec.corenet(GEOMETRY, 0.5, true).id(),
            recipe.readout(),
            recipe.readout().length(),
            null,
            recipe.dataset().labels(),
            network,
            new Training(recipe.name(), RecipeFile.sha256(recipe), "test", 1, 0, "test"),
            List.of(),
            null);
    Files.writeString(run.resolve("recipe.yaml"), RecipeFile.write(recipe));
    Files.writeString(run.resolve("card.json"), card.toJson());
    Weights.initialise(network, 3).write(run.resolve("weights.safetensors"));
    byte[] records = new byte[PICTURES * (1 + GEOMETRY.elements())];
    new Random(4).nextBytes(records);
    for (int picture = 0; picture < PICTURES; picture++) {
      records[picture * (1 + GEOMETRY.elements())] = (byte) (picture % 2);
    }
    Files.write(pictures, records);
  }

  @Test
  void export_finishedRun_writesModelAndOneJsonObject() throws IOException {
    assertThat(export("--json")).isZero();

    JsonNode result = JsonMapper.builder().build().readTree(out);
    assertThat(out.strip().lines()).hasSize(1);
    assertThat(result.get("out").asString()).isEqualTo(model.toString());
    assertThat(result.get("bytes").asLong()).isEqualTo(Files.size(model));
    assertThat(result.get("parameters").asLong()).isEqualTo(network.parameterCount());
    assertThat(result.get("max_abs_difference").asDouble()).isBetween(0.0, 1e-4);
    assertThat(result.get("readouts").asInt()).isEqualTo(PICTURES);
    assertThat(result.get("spec").asString())
        .isEqualTo(ReadoutSpec.corenet(GEOMETRY, 0.5, true).id().hex());
    assertThat(err).isEmpty();
  }

  @Test
  void export_naiveGraph_writesModelToo() {
    assertThat(export("--graph", "naive")).isZero();

    assertThat(model).isRegularFile();
    assertThat(out).contains(model.toString());
  }

  @Test
  void export_testPicturesMissing_comparesOnRandomReadoutsAndSaysSo() throws IOException {
    Files.delete(pictures);

    assertThat(export("--json")).isZero();

    assertThat(err).contains("random readouts", "test.bin");
    assertThat(out.strip().lines()).hasSize(1);
    assertThat(model).isRegularFile();
  }

  @Test
  void export_int8WithoutTrainingPictures_calibratesOnRandomReadoutsAndTellsAgreement()
      throws IOException {
    assertThat(export("--precision", "int8", "--json")).isZero();

    JsonNode agreement = JsonMapper.builder().build().readTree(out).get("agreement");
    assertThat(agreement.get("cosine").asDouble()).isBetween(0.98, 1.0);
    assertThat(agreement.get("top_one").asDouble()).isBetween(0.0, 1.0);
    assertThat(agreement.get("readouts").asInt()).isEqualTo(256);
    assertThat(err).contains("calibrates on random readouts", "train.bin");
    assertThat(model).isRegularFile();
  }

  @Test
  void export_int8FromAFolderOfReadouts_usesThem() throws IOException {
    Path folder = calibration(10, 12);

    assertThat(export("--precision", "int8", "--calibration", folder.toString(), "--json"))
        .isZero();

    JsonNode agreement = JsonMapper.builder().build().readTree(out).get("agreement");
    assertThat(agreement.get("readouts").asInt()).isEqualTo(5);
    assertThat(err).isEmpty();
  }

  @Test
  void export_calibrationReadoutOfAnotherLength_isRefusedByName() throws IOException {
    Path folder = calibration(3, 12);
    Files.write(folder.resolve("1.bin"), new byte[13]);

    assertThat(export("--precision", "int8", "--calibration", folder.toString())).isEqualTo(2);

    assertThat(err.strip().lines()).hasSize(1);
    assertThat(err).contains("1.bin", "13 bytes", "12");
    assertThat(model).doesNotExist();
  }

  @Test
  void export_int8LessAlikeThanAsked_isRefusedAndLeavesNoFile() throws IOException {
    Path folder = calibration(10, 12);

    assertThat(
            export(
                "--precision", "int8", "--calibration", folder.toString(), "--least-cosine", "1"))
        .isEqualTo(2);

    assertThat(err.strip().lines()).hasSize(1);
    assertThat(err).contains("not written", "--least-cosine");
    assertThat(model).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --precision int8 --graph naive | the naive graph is fp32
          --calibration x                | --calibration is for --precision int8
          --precision int8 --calibration nowhere | nowhere
          --precision int8 --least-cosine 2      | --least-cosine is 2.0
          --precision int8 --least-agreement NaN | --least-agreement is NaN
          --precision int4               | int4
          """)
  void export_optionsThatDoNotFit_areRefusedInOneLine(String options, String message) {
    assertThat(export(options.split(" +"))).isEqualTo(2);

    assertThat(err.strip().lines().filter(line -> !line.contains("calibrates on random")))
        .hasSize(1);
    assertThat(err).contains(message);
    assertThat(model).doesNotExist();
  }

  @Test
  void export_unfinishedRun_isRefusedInOneLine() throws IOException {
    Files.delete(run.resolve("card.json"));

    assertThat(export()).isEqualTo(2);

    assertThat(err.strip().lines()).hasSize(1);
    assertThat(err).contains("card.json");
    assertThat(model).doesNotExist();
  }

  @Test
  void export_truncatedWeights_isRefusedAndLeavesNoFile() throws IOException {
    Path weights = run.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));

    assertThat(export()).isEqualTo(2);

    assertThat(err.strip().lines()).hasSize(1);
    assertThat(err).contains("weights.safetensors");
    assertThat(model).doesNotExist();
  }

  @Test
  void export_oneWeightInfinite_isRefusedAndLeavesNoFile() throws IOException {
    Path file = run.resolve("weights.safetensors");
    Weights weights = Weights.read(file);
    float[] values = weights.values("classifier.weight");
    values[0] = Float.POSITIVE_INFINITY;
    weights.with("classifier.weight", values).write(file);

    assertThat(export()).isEqualTo(2);

    assertThat(err).contains("classifier.weight", "Infinity");
    assertThat(model).doesNotExist();
  }

  /** A folder of random readouts. */
  private Path calibration(int count, int length) throws IOException {
    Path folder = Files.createDirectory(run.resolve("calibration"));
    Random random = new Random(8);
    for (int i = 0; i < count; i++) {
      byte[] readout = new byte[length];
      random.nextBytes(readout);
      Files.write(folder.resolve(i + ".bin"), readout);
    }
    return folder;
  }

  private int export(String... more) {
    StringWriter results = new StringWriter();
    StringWriter remarks = new StringWriter();
    CommandLine line = BlindsightTrainer.commandLine();
    line.setOut(new PrintWriter(results, true));
    line.setErr(new PrintWriter(remarks, true));
    String[] arguments = {"export", "--run", run.toString(), "--out", model.toString()};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    int code = line.execute(all);
    out = results.toString();
    err = remarks.toString();
    return code;
  }

  private static Recipe recipe(Path data) {
    String text =
        """
        name: small
        dataset:
          name: noise
          format: record
          root: '%s'
          train: {pictures: [train.bin]}
          test: {pictures: [test.bin]}
          labels: [one, other]
        readout:
          geometry: {width: 6, height: 4, channels: 1}
          mask: {scheme: corenet, keep: 0.5}
          permutation: {scheme: corenet}
        architecture: {embedding_size: 8, heads: 2, layers: 2, feed_forward_size: 16}
        """
            .formatted(data);
    return RecipeFile.parse(text, List.of(), "test");
  }
}
