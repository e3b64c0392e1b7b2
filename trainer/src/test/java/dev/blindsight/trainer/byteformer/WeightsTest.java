package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {

  /** CoreNet's tiny width, at which its initial deviations were measured. */
  private static final ByteFormerArchitecture TINY =
      new ByteFormerArchitecture(
          192,
          1,
          3,
          768,
          4,
          List.of(128),
          List.of(0),
          List.of(true),
          600,
          1000,
          1e-5,
          AttentionMode.REFERENCE);

  private static final Weights DRAWN = Weights.initialise(TINY, 3);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "embeddings.weight, 0.0721",
    "pos_embed.pos_embed.pos_embed, 0.0722",
    "token_reduction_net.weight, 0.0209",
    "transformer.0.pre_norm_mha.1.qkv_proj.weight, 0.0510",
    "transformer.0.pre_norm_mha.1.out_proj.weight, 0.0718",
    "transformer.0.pre_norm_ffn.1.weight, 0.0456",
    "downsamplers.downsample_0.reduction.weight, 0.0590",
    "classifier.weight, 0.0409",
  })
  void initialise_hasDeviationsOfCoreNet(String name, double deviation) {
    float[] values = DRAWN.values(name);
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(deviation, within(0.001));
  }

  @Test
  void initialise_leavesPaddingRowAndBiasesZeroAndNormsOne() {
    float[] table = DRAWN.values("embeddings.weight");
    assertThat(Arrays.copyOfRange(table, 256 * 192, 257 * 192)).containsOnly(0);
    assertThat(DRAWN.values("classifier.bias")).containsOnly(0);
    assertThat(DRAWN.values("post_transformer_norm.bias")).containsOnly(0);
    assertThat(DRAWN.values("post_transformer_norm.weight")).containsOnly(1);
  }

  @Test
  void initialise_dependsOnSeedAlone() {
    assertThat(Weights.initialise(TINY, 3)).isEqualTo(DRAWN);
    assertThat(Weights.initialise(TINY, 4)).isNotEqualTo(DRAWN);
  }

  @Test
  void read_ofWrittenFile_givesEqualWeightsInOrder() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    DRAWN.write(file);

    Weights read = Weights.read(file);
    assertThat(read).isEqualTo(DRAWN);
    assertThat(read.names()).containsExactlyElementsOf(DRAWN.names());
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\"}}",
        "{\"a\":7}",
      })
  void read_ofBadHeader_isRefusedByName(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[8 + json.length + 8];
    bytes[0] = (byte) json.length;
    System.arraycopy(json, 0, bytes, 8, json.length);

    assertRefused(bytes);
  }

  @Test
  void read_ofTruncatedFile_isRefusedByName() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    DRAWN.with("classifier.bias", new float[1000]).write(file);
    byte[] whole = Files.readAllBytes(file);

    for (int length : new int[] {0, 7, 8, 9, 500, whole.length - 1}) {
      assertRefused(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void read_ofAnyBytes_isReadOrRefused() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    SplittableRandom random = new SplittableRandom(11);
    ByteFormerArchitecture small =
        RandomArchitectures.architecture(random, AttentionMode.BATCH_INVARIANT);
    RandomArchitectures.weights(small, random).write(whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path file = folder.resolve("damaged.safetensors");
    for (int i = 0; i < 300; i++) {
      byte[] damaged = bytes.clone();
      for (int change = 0; change < 4; change++) {
        damaged[random.nextInt(3000)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        assertThat(Weights.read(file).names()).isNotNull();
      } catch (UserError e) {
        assertThat(e).hasMessageContaining("damaged.safetensors");
      }
    }
  }

  @Test
  void requireFit_withTensorOfOtherShape_namesIt() {
    ByteFormerArchitecture wider =
        new ByteFormerArchitecture(
            192,
            1,
            3,
            768,
            4,
            List.of(128),
            List.of(0),
            List.of(true),
            600,
            999,
            1e-5,
            AttentionMode.REFERENCE);

    assertThatThrownBy(() -> DRAWN.requireFit(wider))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("classifier.weight");
  }

  private void assertRefused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("bad.safetensors"), bytes);
    assertThatThrownBy(() -> Weights.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bad.safetensors")
        .hasMessageNotContaining("\n");
  }
}
