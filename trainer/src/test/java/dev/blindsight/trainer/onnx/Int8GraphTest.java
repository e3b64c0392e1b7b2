package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.ModelGraph;
import dev.blindsight.protocol.model.Precision;
import dev.blindsight.trainer.byteformer.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Int8GraphTest {
  private static final int LENGTH = 307;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_int8_staysNearFloats(AttentionMode attention) {
    // Full and partial windows, shifts and merges.
    ExportReport report = export(network(attention), Models.readouts(24, LENGTH, 3));

    Agreement agreement = report.agreement();
    assertThat(agreement).isNotNull();
    assertThat(agreement.cosine()).isBetween(0.99, 1.0);
    assertThat(agreement.readouts()).isEqualTo(12);
    // The floats behind it were compared with the plain-Java network.
    assertThat(report.maximumDifference()).isBetween(0.0, 1e-5);
  }

  @Test
  void write_int8_isFarSmallerAndSaysWhatItIs() throws IOException, OrtException {
    ByteFormerArchitecture network = network(AttentionMode.REFERENCE);
    export(network, Models.readouts(4, LENGTH, 3));
    byte[] bytes = Files.readAllBytes(out());
    ModelCard card = Models.card(network, LENGTH);
    byte[] floats = ModelFile.of(card, weights(network), GraphForm.FAST).toByteArray();

    assertThat(bytes.length).isLessThan(floats.length);
    try (OnnxModel int8 = new OnnxModel(bytes);
        OnnxModel fp32 = new OnnxModel(floats)) {
      assertThat(int8.card()).hasValue(card);
      ModelGraph graph = int8.graph().orElseThrow();
      assertThat(graph.precision()).isEqualTo(Precision.INT8);
      assertThat(graph.multiplyAdds()).isEqualTo(fp32.graph().orElseThrow().multiplyAdds());
    }
  }

  @Test
  void logits_inABatch_areThoseOfEachReadoutAlone() throws IOException, OrtException {
    export(network(AttentionMode.REFERENCE), Models.readouts(8, LENGTH, 3));
    List<byte[]> readouts = Models.readouts(5, LENGTH, 4);

    try (OnnxModel model = new OnnxModel(Files.readAllBytes(out()))) {
      float[][] batch = model.logits(readouts);
      for (int i = 0; i < batch.length; i++) {
        assertThat(batch[i])
            .containsExactly(model.logits(List.of(readouts.get(i)))[0], within(1e-5f));
      }
    }
  }

  @Test
  void settings_oneCalibrationReadout_isRefused() {
    List<byte[]> one = Models.readouts(1, LENGTH, 3);

    assertThatThrownBy(() -> ExportSettings.int8(one))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("1 calibration readouts");
  }

  private ExportReport export(ByteFormerArchitecture network, List<byte[]> calibration) {
    return OnnxExport.write(
        Models.card(network, LENGTH),
        weights(network),
        new ExportSettings(GraphForm.FAST, Precision.INT8, calibration, 0.98, 0),
        Models.readouts(2, LENGTH, 5),
        out());
  }

  private Path out() {
    return folder.resolve("model.onnx");
  }

  private static Weights weights(ByteFormerArchitecture network) {
    return Models.weights(network, 2);
  }

  private static ByteFormerArchitecture network(AttentionMode attention) {
    return Models.network(64, 2, 4, 32, List.of(true, false, true, false), 512, attention);
  }
}
