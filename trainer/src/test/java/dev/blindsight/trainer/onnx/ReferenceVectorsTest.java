package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.TorchCheckpoint;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ONNX Runtime gives the logits that CoreNet 1aa3acd gives, also of inputs it pads. */
class ReferenceVectorsTest {
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "small_k4_w16_h2, FAST, 8", "small_k4_w16_h2, NAIVE, 8",
    "small_k4_w64_h2_lnquirk, FAST, 2", "small_k4_w64_h2_lnquirk, NAIVE, 2"
  })
  void write_referenceCheckpoint_givesReferenceLogits(String model, GraphForm form, int cases)
      throws IOException, OrtException, URISyntaxException {
    URL url = Objects.requireNonNull(getClass().getResource("/reference/" + model));
    Path folder = Path.of(url.toURI());
    JsonMapper json = JsonMapper.builder().build();
    ByteFormerArchitecture network = network(json.readTree(folder.resolve("config.json").toFile()));
    Weights weights = TorchCheckpoint.read(folder.resolve("checkpoint.pt"));
    int compared = 0;
    for (JsonNode vector : json.readTree(folder.resolve("expected.json").toFile()).get("cases")) {
      byte[] readout = Files.readAllBytes(folder.resolve(vector.get("input").asString()));
      int padTo = vector.get("pad_to").asInt();
      ModelCard card = Models.card(network, readout.length, padTo == readout.length ? null : padTo);
      byte[] file = ModelFile.of(card, weights, form).toByteArray();
      try (OnnxModel onnx = new OnnxModel(file)) {
        assertThat(onnx.logits(List.of(readout))[0])
            .as("%d bytes", readout.length)
            .containsExactly(logits(vector), within((float) TOLERANCE));
      }
      compared++;
    }
    assertThat(compared).isEqualTo(cases);
  }

  private static float[] logits(JsonNode vector) {
    JsonNode numbers = vector.get("logits_fp64");
    float[] logits = new float[numbers.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) numbers.get(i).doubleValue();
    }
    return logits;
  }

  private static ByteFormerArchitecture network(JsonNode config) {
    return new ByteFormerArchitecture(
        config.get("embed_dim").asInt(),
        config.get("n_layers").asInt(),
        config.get("n_heads").asInt(),
        config.get("ffn_dim").asInt(),
        config.get("conv_kernel_size").asInt(),
        integers(config.get("window_sizes")),
        integers(config.get("window_shifts")),
        StreamSupport.stream(config.get("downsample").spliterator(), false)
            .map(JsonNode::asBoolean)
            .toList(),
        config.get("max_num_tokens").asInt(),
        config.get("n_classes").asInt(),
        config.get("layer_norm_eps").asDouble(),
        AttentionMode.REFERENCE);
  }

  private static List<Integer> integers(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
