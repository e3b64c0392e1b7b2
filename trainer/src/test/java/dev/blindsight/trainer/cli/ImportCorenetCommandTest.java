package dev.blindsight.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.PermutationScheme;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.CheckpointWriter;
import dev.blindsight.trainer.evaluate.OnnxClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCorenetCommandTest {
  /**
   * Of no readout here does it make as many tokens as they are wide, which would normalise across
   * tokens and leave fresh weights with logits of nothing but rounding.
   */
  private static final ByteFormerArchitecture NETWORK =
      new ByteFormerArchitecture(
          12,
          2,
          3,
          16,
          4,
          List.of(4, 4),
          List.of(0, 2),
          List.of(true, false),
          60,
          3,
          1e-5,
          AttentionMode.REFERENCE);

  /** The network as CoreNet would describe it, but for its size, which has no mode. */
  private static final String YAML =
      """
      common: {run_label: train}
      dataset: {name: imagenet}
      image_augmentation:
        pil_save: {enable: true, file_encoding: fHWC}
        mask_positions: {enable: true, keep_frac: 0.25}
        byte_permutation: {enable: true}
      sampler:
        bs: {crop_size_width: 8, crop_size_height: 6}
      model:
        classification:
          name: byteformer
          n_classes: 3
          byteformer:
            max_num_tokens: 50000
            conv_kernel_size: 4
            window_sizes: [4]
            window_shifts: [0, 2]
        activation: {name: gelu}
      """;

  @TempDir private Path folder;
  private Path checkpoint = Path.of("");
  private Path yaml = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void savedNetwork() throws IOException {
    checkpoint = folder.resolve("tiny.pt");
    yaml = folder.resolve("tiny.yaml");
    model = folder.resolve("tiny.onnx");
    save(CheckpointWriter.stateDict(Weights.initialise(NETWORK, 1)));
    Files.writeString(yaml, YAML);
  }

  @Test
  void import_withFlags_writesModelOfRawBytesAndOneJsonObject() throws IOException {
    ImportCorenetRun run = run("--heads", "3", "--window", "4", "--length", "60", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().strip().lines()).hasSize(1);
    assertThat(run.json().get("out").asString()).isEqualTo(model.toString());
    assertThat(run.json().get("bytes").asLong()).isEqualTo(Files.size(model));
    assertThat(run.json().get("max_abs_difference").asDouble()).isBetween(0.0, 1e-4);
    assertThat(run.json().get("length").asInt()).isEqualTo(60);
    ModelCard card = card();
    assertThat(card.name()).isEqualTo("tiny");
    assertThat(card.labels()).containsExactly("class 0", "class 1", "class 2");
    assertThat(card.readout().geometry()).isEqualTo(new SensorGeometry(60, 1, 1));
    assertThat(card.readout().permutation().scheme()).isEqualTo(PermutationScheme.NONE);
    assertThat(card.training().recipe()).isEqualTo("tiny.pt");
    assertThat(card.training().recipeSha256())
        .isEqualTo(run.json().get("checkpoint_sha256").asString());
    assertThat(card.architecture().windowShifts()).containsExactly(0, 2);
    assertThat(card.architecture().attention()).isEqualTo(AttentionMode.REFERENCE);
    assertThat(card.architecture().maximumTokens()).isEqualTo(29);
  }

  @Test
  void import_withYamlOfMaskedPixels_writesTheirReadoutSpec() {
    ImportCorenetRun run = run("--corenet-config", yaml.toString(), "--heads", "3");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(8, 6, 3), 0.25, true);
    assertThat(card().spec()).isEqualTo(spec.id());
    assertThat(card().inputLength()).isEqualTo(36);
    assertThat(card().training().dataset()).isEqualTo("imagenet");
  }

  @Test
  void import_padded_keepsThePaddingInTheCard() {
    ImportCorenetRun run =
        run("--heads", "3", "--window", "4", "--length", "60", "--pad-to", "101", "--json");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("padded_length").asInt()).isEqualTo(101);
    assertThat(card().paddedLength()).isEqualTo(101);
    assertThat(card().architecture().maximumTokens()).isEqualTo(49);
  }

  @Test
  void import_ofFullTrainingCheckpoint_takesTheWeightsAskedFor() throws IOException {
    Weights average = Weights.initialise(NETWORK, 2);
    save(CheckpointWriter.training(Weights.initialise(NETWORK, 1), average));
    String[] flags = {"--heads", "3", "--window", "4", "--length", "60"};
    assertThat(run(flags).code()).isZero();
    float[] ofModel = logits(60);
    List<String> withAverage = new ArrayList<>(List.of(flags));
    withAverage.addAll(List.of("--weights", "ema"));

    assertThat(run(withAverage.toArray(String[]::new)).code()).isZero();
    float[] ofAverage = logits(60);
    save(CheckpointWriter.stateDict(average));
    assertThat(run(flags).code()).isZero();

    assertThat(Math.abs(ofModel[0])).isGreaterThan(1e-3f);
    assertThat(ofAverage).isNotEqualTo(ofModel).isEqualTo(logits(60));
  }

  @Test
  void import_withLabels_namesTheClasses() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "coat\nsandalé\nbag\n");

    assertThat(
            run("--heads", "3", "--window", "4", "--length", "60", "--labels", labels.toString())
                .code())
        .isZero();
    assertThat(card().labels()).containsExactly("coat", "sandalé", "bag");
  }

  @Test
  void import_longReadoutOfRawBytes_givesItRows() {
    Weights weights = Weights.initialise(ofLongReadouts(), 1);
    save(CheckpointWriter.stateDict(weights));

    ImportCorenetRun run = run("--heads", "3", "--window", "4", "--length", "75264");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(card().readout().geometry()).isEqualTo(new SensorGeometry(37_632, 2, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "naive"})
  void import_inEitherForm_writesAModel(String form) {
    assertThat(run("--heads", "3", "--window", "4", "--length", "60", "--graph", form).code())
        .isZero();
    assertThat(model).isRegularFile();
  }

  @Test
  void import_int8WithCalibrationFolder_tellsTheAgreement() throws IOException {
    Path readouts = Files.createDirectory(folder.resolve("readouts"));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      byte[] readout = new byte[60];
      random.nextBytes(readout);
      Files.write(readouts.resolve("readout_" + i), readout);
    }
    String[] flags = {
      "--heads",
      "3",
      "--window",
      "4",
      "--length",
      "60",
      "--json",
      "--precision",
      "int8",
      "--calibration",
      readouts.toString(),
      "--least-agreement",
      "0"
    };

    ImportCorenetRun run = run(flags);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.json().get("agreement").get("readouts").asInt()).isEqualTo(10);
    assertThat(run.json().get("agreement").get("cosine").asDouble()).isGreaterThan(0.98);
    Files.delete(model);
    Files.write(readouts.resolve("readout_7"), new byte[49]);
    assertRefused("readout_7: has 49 bytes, readouts of this model have 60", flags);
  }

  @Test
  void import_ofPublishedMode_takesItsHeadsAndDefaults() throws IOException {
    ByteFormerArchitecture tiny =
        new ByteFormerArchitecture(
            192,
            12,
            3,
            8,
            4,
            Collections.nCopies(12, 32),
            Collections.nCopies(12, 0),
            Collections.nCopies(12, false),
            20,
            3,
            1e-5,
            AttentionMode.REFERENCE);
    save(CheckpointWriter.stateDict(Weights.initialise(tiny, 1)));
    Files.writeString(
        yaml, "model: {classification: {byteformer: {mode: tiny, window_sizes: [32]}}}");

    ImportCorenetRun run = run("--corenet-config", yaml.toString(), "--length", "40");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(card().architecture().heads()).isEqualTo(3);
    assertThat(card().architecture().windowSizes()).containsOnly(32);
    // CoreNet shifts by 64 whatever the window.
    assertThat(card().architecture().windowShifts()).startsWith(0, 64, 0, 64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--window 4 --length 60 | give --heads H, or the CoreNet YAML",
        "--heads 3 --length 60 | give --window W, or the CoreNet YAML",
        "--heads 3 --window 4 | give --length N",
        "--heads 5 --window 4 --length 60 | heads is 5, which does not divide embedding_size 12",
        "--heads 3 --window 0 --length 60 | window_sizes is 0",
        "--heads 3 --window 4 --shifts 0,2,0 --length 60 | --shifts has 3 numbers for 2 layers",
        "--heads 3 --window 4 --shifts 0,-2 --length 60 | window_shifts is -2",
        "--heads 3 --window 4 --shifts 0,x --length 60 | 'x' is not an int",
        "--heads 3 --window 4 --length 500 | makes 249 tokens, more than maximum_tokens 60",
        "--heads 3 --window 4 --length 3 | shorter than kernel_size 4",
        "--heads 3 --window 4 --length 0 | --length is 0: give a whole number from 1",
        "--heads 3 --window 4 --length 65537 | no geometry with sides of at most 65535",
        "--heads 3 --window 4 --length 60 --pad-to 49 | --pad-to is 49, but a readout has 60 bytes",
        "--heads 3 --window 4 --length 60 --pad-to 500 | makes 249 tokens",
        "--heads 3 --window 4 --length 60 --weights ema | leave --weights out",
        "--heads 3 --window 4 --length 60 --weights best | --weights",
        "--heads 3 --window 4 --length 60 --precision fp64 | --precision",
        "--heads 3 --window 4 --length 60 --labels none.txt | none.txt: no such file",
        "--heads 3 --window 4 --length 60 --corenet-config none.yaml | none.yaml: no such file"
      })
  void import_withWrongFlags_isRefusedInOneLine(String flags, String reason) {
    assertRefused(reason, flags.split(" "));
  }

  /** What the YAML says is replaced by something that is wrong. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "window_sizes: [4] | window_sizes: [4, 4, 4] | byteformer.window_sizes has 3 entries for 2",
        "window_sizes: [4] | window_sizes: 4 | byteformer.window_sizes is 4: give a list",
        "window_sizes: [4] | window_sizes: [four] | window_sizes is [\"four\"]: give a list",
        "window_shifts: [0, 2] | window_shifts: [0] | window_shifts has 1 entries for 2 layers",
        "n_classes: 3 | n_classes: 5 | n_classes is 5, but the checkpoint's 3",
        "conv_kernel_size: 4 | conv_kernel_size: 8 | conv_kernel_size is 8, but the checkpoint's 4",
        "max_num_tokens: 50000 | downsample: [true, true] | byteformer.downsample is [true, true]",
        "max_num_tokens: 50000 | norm_layer: batch_norm | only layer_norm is supported",
        "name: byteformer | name: vit | only byteformer is supported",
        "name: gelu | name: relu | model.activation.name is relu: only gelu is supported",
        "keep_frac: 0.25 | keep_frac: 1.5 | keep_frac is 1.5: give a fraction",
        "keep_frac: 0.25 | keep_frac: some | mask_positions.keep_frac is \"some\": give a number",
        "mask_positions: {enable: true | mask_positions: {enable: 1 | enable is 1: give true or"
            + " false",
        "crop_size_width: 8 | crop_size_width: 0 | sampler.bs.crop_size_width is 0: give a whole",
        "fHWC | JPEG | mask_positions.enable is true, but the images are not saved as fHWC",
        "byte_permutation: | shuffle_bytes: | shuffle_bytes.enable is true, but no readout is",
        "dataset: {name: imagenet} | dataset: {name: {a: b}} | dataset.name is a group of keys",
        "common: {run_label: train} | common: [ | tiny.yaml: line"
      })
  void import_withWrongYaml_isRefusedInOneLine(String right, String wrong, String reason)
      throws IOException {
    assertThat(YAML).contains(right);
    Files.writeString(yaml, YAML.replace(right, wrong));

    assertRefused(reason, "--corenet-config", yaml.toString(), "--heads", "3");
  }

  @Test
  void import_withLengthOtherThanTheYamls_isRefused() {
    assertRefused(
        "--length is 60, but by --corenet-config a readout has 36 bytes",
        "--corenet-config",
        yaml.toString(),
        "--heads",
        "3",
        "--length",
        "60");
  }

  @Test
  void import_withYamlOfNoKnownMode_asksForHeads() throws IOException {
    assertRefused("give --heads H", "--corenet-config", yaml.toString());
    Files.writeString(yaml, YAML.replace("max_num_tokens: 50000", "mode: giant"));
    assertRefused("give tiny, small, base or huge", "--corenet-config", yaml.toString());
    Files.writeString(yaml, YAML.replace("max_num_tokens: 50000", "mode: tiny"));
    assertRefused(
        "mode is tiny, which the checkpoint's 2 layers of width 12 are not",
        "--corenet-config",
        yaml.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "classifier.bias, missing tensor classifier.bias",
    "embeddings.weight, lacks the tensor embeddings.weight",
    "transformer.0.pre_norm_mha.0.weight, unexpected tensor",
    "downsamplers.downsample_0.norm.bias, missing tensor downsamplers.downsample_0.norm.bias"
  })
  void import_ofCheckpointThatLacksATensor_namesIt(String name, String reason) {
    SequencedMap<String, Object> state = CheckpointWriter.stateDict(Weights.initialise(NETWORK, 1));
    state.remove(name);
    save(state);

    assertRefused(
        reason.startsWith("unexpected") ? "tiny.pt: " : reason,
        "--heads",
        "3",
        "--window",
        "4",
        "--length",
        "60");
  }

  @Test
  void import_ofCheckpointWithATensorTooMany_namesIt() {
    SequencedMap<String, Object> state = CheckpointWriter.stateDict(Weights.initialise(NETWORK, 1));
    state.put("head.weight", state.get("classifier.weight"));
    save(state);

    assertRefused(
        "unexpected tensor head.weight", "--heads", "3", "--window", "4", "--length", "60");
  }

  @Test
  void import_ofWeightsThatAreNotFinite_isRefused() {
    Weights weights = Weights.initialise(NETWORK, 1);
    float[] bias = weights.values("classifier.bias");
    Arrays.fill(bias, Float.NaN);
    save(CheckpointWriter.stateDict(weights.with("classifier.bias", bias)));

    assertRefused("classifier.bias is NaN", "--heads", "3", "--window", "4", "--length", "60");
  }

  private void assertRefused(String reason, String... flags) {
    ImportCorenetRun run = run(flags);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(reason);
    assertThat(run.err().strip().lines().filter(line -> !line.contains("shifts the windows")))
        .hasSize(1);
    assertThat(model).doesNotExist();
  }

  private ImportCorenetRun run(String... flags) {
    List<String> arguments =
        new ArrayList<>(List.of("--checkpoint", checkpoint.toString(), "--out", model.toString()));
    arguments.addAll(List.of(flags));
    return ImportCorenetRun.of(arguments.toArray(String[]::new));
  }

  private void save(SequencedMap<String, Object> state) {
    try {
      Files.write(checkpoint, CheckpointWriter.archive(state));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelCard card() {
    try (OnnxClassifier classifier = new OnnxClassifier(model)) {
      return classifier.card();
    }
  }

  private float[] logits(int length) {
    byte[] readout = new byte[length];
    for (int i = 0; i < length; i++) {
      readout[i] = (byte) (37 * i);
    }
    try (OnnxClassifier classifier = new OnnxClassifier(model)) {
      return classifier.logits(new byte[][] {readout})[0];
    }
  }

  /** A network of few tokens, however long its readouts are. */
  private static ByteFormerArchitecture ofLongReadouts() {
    return new ByteFormerArchitecture(
        NETWORK.embeddingSize(),
        NETWORK.layers(),
        NETWORK.heads(),
        NETWORK.feedForwardSize(),
        1024,
        NETWORK.windowSizes(),
        NETWORK.windowShifts(),
        NETWORK.downsample(),
        200,
        NETWORK.classes(),
        NETWORK.layerNormEpsilon(),
        NETWORK.attention());
  }
}
