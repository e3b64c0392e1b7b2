package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.corenet.TorchCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A network of the reference vectors: its architecture, its weights, and readers of the rest. */
record ReferenceModel(Path folder, ByteFormerArchitecture architecture, Weights weights) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static ReferenceModel load(String name) {
    Path folder = folder(name);
    JsonNode config = json(folder.resolve("config.json"));
    ByteFormerArchitecture architecture =
        new ByteFormerArchitecture(
            config.get("embed_dim").asInt(),
            config.get("n_layers").asInt(),
            config.get("n_heads").asInt(),
            config.get("ffn_dim").asInt(),
            config.get("conv_kernel_size").asInt(),
            list(config.get("window_sizes"), JsonNode::asInt),
            list(config.get("window_shifts"), JsonNode::asInt),
            list(config.get("downsample"), JsonNode::asBoolean),
            config.get("max_num_tokens").asInt(),
            config.get("n_classes").asInt(),
            config.get("layer_norm_eps").asDouble(),
            AttentionMode.REFERENCE);
    try {
      Weights weights = TorchCheckpoint.read(folder.resolve("checkpoint.pt"));
      return new ReferenceModel(folder, architecture, weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder(String name) {
    URL url = Objects.requireNonNull(ReferenceModel.class.getResource("/reference/" + name));
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(Path file) {
    return JSON.readTree(file.toFile());
  }

  /** The bytes of a file as tokens, filled up with the padding token. */
  static int[] tokens(Path file, int length) {
    byte[] bytes = bytes(file);
    int[] tokens = new int[length];
    Arrays.setAll(tokens, i -> i < bytes.length ? Byte.toUnsignedInt(bytes[i]) : 256);
    return tokens;
  }

  static float[] floats(Path file) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  static float[] floats(JsonNode numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).floatValue();
    }
    return floats;
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> item) {
    return StreamSupport.stream(array.spliterator(), false).map(item).toList();
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
