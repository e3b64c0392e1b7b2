package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {
  private static final int LENGTH = 78;

  private final ByteFormerArchitecture network =
      Models.network(32, 2, 4, 16, List.of(true, false, false), 64, AttentionMode.BATCH_INVARIANT);
  private final ModelCard card = Models.card(network, LENGTH);
  private final Weights weights = Models.weights(network, 5);
  private final List<byte[]> readouts = Models.readouts(11, LENGTH, 6);

  @TempDir private Path folder;

  @Test
  void write_soundWeights_writesCheckedModel() throws IOException, OrtException {
    Path out = folder.resolve("model.onnx");

    ExportReport report = OnnxExport.write(card, weights, readouts, out);

    assertThat(report.bytes()).isEqualTo(Files.size(out));
    assertThat(report.parameters()).isEqualTo(network.parameterCount());
    assertThat(report.readouts()).isEqualTo(11);
    assertThat(report.maximumDifference()).isBetween(0.0, 1e-5);
    assertThat(report.spec()).isEqualTo(card.spec());
    try (OnnxModel model = new OnnxModel(Files.readAllBytes(out))) {
      assertThat(model.card()).hasValue(card);
    }
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
  }

  @Test
  void write_oneWeightNotANumber_refusesAndLeavesNoFile() {
    String name = "transformer.1.pre_norm_ffn.1.weight";
    float[] values = weights.values(name);
    values[17] = Float.NaN;
    Weights corrupted = weights.with(name, values);

    assertThatThrownBy(
            () -> OnnxExport.write(card, corrupted, readouts, folder.resolve("model.onnx")))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("weight 17", name, "NaN");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void write_modelUnlikeTrainedNetwork_refusesAndLeavesOldFile() throws IOException {
    Path out = folder.resolve("model.onnx");
    Files.writeString(out, "the model before");
    float[] values = weights.values("classifier.bias");
    values[9] += 2e-4f;
    Weights trained = weights.with("classifier.bias", values);

    assertThatThrownBy(() ->
            OnnxExport.write(
                card,
                weights,
                GraphForm.FAST,
                readouts,
                new ReferenceForward(network, trained)::logits,
                out))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("model.onnx", "not written");
    assertThat(out).hasContent("the model before");
    assertThat(folder.toFile().list()).containsExactly("model.onnx");
  }

  @Test
  void write_judgeWithoutAnAnswer_refuses() {
    float[] nothing = new float[network.classes()];
    Arrays.fill(nothing, Float.NaN);

    assertThatThrownBy(() ->
            OnnxExport.write(
                card,
                weights,
                GraphForm.FAST,
                readouts,
                _ -> nothing,
                folder.resolve("model.onnx")))
        .isInstanceOf(UserError.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void write_weightsOfAnotherNetwork_refusesAndNamesTensor() {
    ByteFormerArchitecture wider =
        Models.network(
            48, 2, 4, 16, List.of(true, false, false), 64, AttentionMode.BATCH_INVARIANT);

    assertThatThrownBy(() ->
            OnnxExport.write(
                card, Models.weights(wider, 1), readouts, folder.resolve("model.onnx")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("embeddings.weight");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void write_folderThatIsNotThere_refuses() {
    Path out = folder.resolve("missing").resolve("model.onnx");

    assertThatThrownBy(() -> OnnxExport.write(card, weights, readouts, out))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("missing");
  }

  @Test
  void write_networkOfTheBundledSize_staysBelowThreeMegabytes() {
    ByteFormerArchitecture bundled =
        new ByteFormerArchitecture(
            96,
            5,
            3,
            384,
            4,
            Collections.nCopies(5, 64),
            Collections.nCopies(5, 0),
            List.of(true, false, true, false, false),
            1024,
            10,
            1e-5,
            AttentionMode.BATCH_INVARIANT);

    ExportReport report =
        OnnxExport.write(
            Models.card(bundled, LENGTH),
            Models.weights(bundled, 7),
            readouts,
            folder.resolve("model.onnx"));

    assertThat(report.bytes()).isLessThan(3_000_000);
  }
}
