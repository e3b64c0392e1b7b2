package dev.blindsight.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.CheckpointWriter;
import dev.blindsight.trainer.evaluate.OnnxClassifier;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Imported checkpoints give the logits that CoreNet 1aa3acd gives, or the plain-Java network. */
class ImportCorenetVectorsTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int PADDING = 256;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "small_k4_w16_h2 | 16 | 0,8,0,8 | 8",
        "small_k4_w64_h2_lnquirk | 64 | 0,32,0,32 | 2"
      })
  void import_ofReferenceCheckpoint_givesReferenceLogits(
      String name, String window, String shifts, int cases) throws Exception {
    Path reference = reference(name);
    JsonNode expected =
        JsonMapper.builder().build().readTree(reference.resolve("expected.json").toFile());
    assertThat(expected.get("cases")).hasSize(cases);
    for (JsonNode vector : expected.get("cases")) {
      byte[] readout = Files.readAllBytes(reference.resolve(vector.get("input").asString()));
      Path model = folder.resolve("model.onnx");
      ImportCorenetRun run =
          ImportCorenetRun.of(
              "--checkpoint",
              reference.resolve("checkpoint.pt").toString(),
              "--heads",
              "2",
              "--window",
              window,
              "--shifts",
              shifts,
              "--length",
              Integer.toString(readout.length),
              "--pad-to",
              vector.get("pad_to").asString(),
              "--out",
              model.toString());
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(logits(model, readout))
          .as("%d bytes", readout.length)
          .containsExactly(floats(vector.get("logits_fp64")), within(TOLERANCE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void import_ofRandomNetwork_givesPlainJavaLogits(int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteFormerArchitecture network = network(random);
    Weights weights = weights(network, seed);
    Path checkpoint = folder.resolve("random.pt");
    Path model = folder.resolve("random.onnx");
    var state = CheckpointWriter.stateDict(weights);
    Files.write(
        checkpoint,
        random.nextBoolean() ? CheckpointWriter.archive(state) : CheckpointWriter.legacy(state));
    byte[] readout = new byte[random.nextInt(network.kernelSize(), 300)];
    random.nextBytes(readout);
    int padded = readout.length + (random.nextBoolean() ? random.nextInt(200) : 0);
    List<String> options =
        new ArrayList<>(
            List.of(
                "--checkpoint",
                checkpoint.toString(),
                "--heads",
                Integer.toString(network.heads()),
                "--window",
                network.windowSizes().getFirst().toString(),
                "--shifts",
                network.windowShifts().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(",")),
                "--length",
                Integer.toString(readout.length),
                "--pad-to",
                Integer.toString(padded),
                "--out",
                model.toString()));

    ImportCorenetRun run = ImportCorenetRun.of(options.toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    int[] tokens = new int[padded];
    Arrays.setAll(tokens, i -> i < readout.length ? Byte.toUnsignedInt(readout[i]) : PADDING);
    assertThat(logits(model, readout))
        .as(network.toString())
        .containsExactly(new ReferenceForward(network, weights).logits(tokens), within(TOLERANCE));
  }

  /** Any heads, kernel, window, shifts and merges, among them a merge after the last block. */
  private static ByteFormerArchitecture network(SplittableRandom random) {
    int heads = random.nextInt(1, 5);
    int layers = random.nextInt(1, 5);
    int window = random.nextInt(1, 24);
    return new ByteFormerArchitecture(
        heads * random.nextInt(1, 8),
        layers,
        heads,
        random.nextInt(1, 40),
        2 * random.nextInt(2, 17),
        Collections.nCopies(layers, window),
        IntStream.range(0, layers).map(_ -> random.nextInt(0, 30)).boxed().toList(),
        IntStream.range(0, layers).mapToObj(_ -> random.nextBoolean()).toList(),
        300,
        random.nextInt(1, 12),
        1e-5,
        AttentionMode.REFERENCE);
  }

  /** Biases and norms differ from the 0 and 1 of a fresh network, so that each has an effect. */
  private static Weights weights(ByteFormerArchitecture network, long seed) {
    Random random = new Random(seed);
    Weights weights = Weights.initialise(network, seed);
    for (String name : List.copyOf(weights.names())) {
      if (weights.shape(name).length == 1) {
        float[] values = weights.values(name);
        for (int i = 0; i < values.length; i++) {
          values[i] += (float) (0.1 * random.nextGaussian());
        }
        weights = weights.with(name, values);
      }
    }
    return weights;
  }

  private static float[] logits(Path model, byte[] readout) {
    try (OnnxClassifier classifier = new OnnxClassifier(model)) {
      return classifier.logits(new byte[][] {readout})[0];
    }
  }

  private static float[] floats(JsonNode numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers.get(i).doubleValue();
    }
    return floats;
  }

  private static Path reference(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(ImportCorenetVectorsTest.class.getResource("/reference/" + name))
            .toURI());
  }
}
