package dev.blindsight.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteFormerArchitectureTest {
  private static final List<Boolean> HALVINGS =
      List.of(true, true, false, true, false, true, false, true, false, true, false, false);

  @ParameterizedTest
  @CsvSource({
    // kernel, maximum tokens, parameters: CoreNet 1aa3acd, 1000 classes
    "4, 7525, 7618024",
    "4, 50000, 15773224",
    "8, 9407, 8126824",
    "16, 9407, 8421736",
    "32, 7055, 8559976"
  })
  void parameterCount_tiny_equalsCoreNet(int kernel, int maximumTokens, long parameters) {
    assertThat(tiny(kernel, maximumTokens).parameterCount()).isEqualTo(parameters);
  }

  @Test
  void parameterCount_tiny_growsByTheWidthForEachPosition() {
    assertThat(tiny(4, 1234).parameterCount()).isEqualTo(6_173_224 + 192 * 1234);
  }

  @Test
  void parameterCount_smallReferenceModel_equalsItsFile() {
    assertThat(small().parameterCount()).isEqualTo(216_906);
  }

  @Test
  void parameterShapes_tiny_areThePublishedFileInOrder() {
    var shapes = tiny(4, 50_000).parameterShapes();

    assertThat(shapes).hasSize(169);
    assertThat(shapes.sequencedKeySet().stream().limit(6))
        .containsExactly(
            "embeddings.weight",
            "token_reduction_net.weight",
            "pos_embed.pos_embed.pos_embed",
            "downsamplers.downsample_0.reduction.weight",
            "downsamplers.downsample_0.norm.weight",
            "downsamplers.downsample_0.norm.bias");
    assertThat(shapes.sequencedKeySet().stream().skip(18).limit(15))
        .containsExactly(
            "downsamplers.downsample_9.reduction.weight",
            "downsamplers.downsample_9.norm.weight",
            "downsamplers.downsample_9.norm.bias",
            "transformer.0.pre_norm_mha.0.weight",
            "transformer.0.pre_norm_mha.0.bias",
            "transformer.0.pre_norm_mha.1.qkv_proj.weight",
            "transformer.0.pre_norm_mha.1.qkv_proj.bias",
            "transformer.0.pre_norm_mha.1.out_proj.weight",
            "transformer.0.pre_norm_mha.1.out_proj.bias",
            "transformer.0.pre_norm_ffn.0.weight",
            "transformer.0.pre_norm_ffn.0.bias",
            "transformer.0.pre_norm_ffn.1.weight",
            "transformer.0.pre_norm_ffn.1.bias",
            "transformer.0.pre_norm_ffn.4.weight",
            "transformer.0.pre_norm_ffn.4.bias");
    assertThat(shapes.sequencedKeySet().reversed().stream().limit(4))
        .containsExactly(
            "classifier.bias",
            "classifier.weight",
            "post_transformer_norm.bias",
            "post_transformer_norm.weight");
    assertThat(shapes)
        .containsEntry("embeddings.weight", List.of(257, 192))
        .containsEntry("token_reduction_net.weight", List.of(192, 192, 4))
        .containsEntry("pos_embed.pos_embed.pos_embed", List.of(1, 1, 50_000, 192))
        .containsEntry("downsamplers.downsample_5.reduction.weight", List.of(192, 384))
        .containsEntry("transformer.11.pre_norm_mha.1.qkv_proj.bias", List.of(576))
        .containsEntry("transformer.3.pre_norm_ffn.1.weight", List.of(768, 192))
        .containsEntry("transformer.3.pre_norm_ffn.4.weight", List.of(192, 768))
        .containsEntry("classifier.weight", List.of(1000, 192));
  }

  @Test
  void plan_tinyOn15052Bytes_equalsCoreNet() {
    List<LayerPlan> plan = tiny(4, 50_000).plan(15_052);

    assertThat(plan)
        .extracting(LayerPlan::tokens)
        .containsExactly(7525, 3763, 1882, 1882, 941, 941, 471, 471, 236, 236, 118, 118);
    assertThat(plan)
        .extracting(LayerPlan::paddedTokens)
        .containsExactly(7552, 3840, 1920, 1920, 1024, 1024, 512, 512, 256, 256, 128, 128);
    assertThat(plan)
        .extracting(LayerPlan::shift)
        .containsExactly(0, 64, 0, 64, 0, 64, 0, 64, 0, 64, 0, 0);
    assertThat(plan.getLast()).isEqualTo(new LayerPlan(11, 118, 128, 128, 1, 0, false, 118));
  }

  @Test
  void plan_shiftOfWholeWindows_isNoShift() {
    ByteFormerArchitecture narrow =
        new ByteFormerArchitecture(
            64,
            2,
            2,
            128,
            4,
            List.of(32, 32),
            List.of(64, 80),
            List.of(false, false),
            512,
            10,
            1e-5,
            AttentionMode.REFERENCE);

    assertThat(narrow.plan(500)).extracting(LayerPlan::shift).containsExactly(0, 16);
  }

  @Test
  void multiplyAdds_tinyOn15052Bytes_equalsTheMeasuredGraph() {
    // 22.06 GFLOP with the convolution stem, two operations each.
    assertThat(2e-9 * tiny(4, 7525).multiplyAdds(15_052)).isBetween(22.0, 22.1);
  }

  @Test
  void tokens_tooShortOrTooLong_saysWhatFits() {
    ByteFormerArchitecture architecture = small();

    assertThat(architecture.tokens(4)).isEqualTo(1);
    assertThat(architecture.tokens(5)).isEqualTo(1);
    assertThat(architecture.tokens(1026)).isEqualTo(512);
    assertThatThrownBy(() -> architecture.tokens(3))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("kernel_size 4");
    assertThatThrownBy(() -> architecture.tokens(1028))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("maximum_tokens 512");
  }

  @Property
  void plan_anyLength_passesTokensOnAndCoversThemByWholeWindows(
      @ForAll @IntRange(min = 4, max = 15_052) int length) {
    ByteFormerArchitecture architecture = tiny(4, 7525);
    int tokens = architecture.tokens(length);
    for (LayerPlan layer : architecture.plan(length)) {
      assertThat(layer.tokens()).isEqualTo(tokens);
      assertThat(layer.paddedTokens()).isEqualTo(layer.windows() * layer.window());
      assertThat(layer.paddedTokens() - tokens).isBetween(0, layer.window() - 1);
      assertThat(layer.shift()).isBetween(0, layer.window() - 1);
      assertThat(layer.tokensAfter()).isEqualTo(layer.downsample() ? (tokens + 1) / 2 : tokens);
      tokens = layer.tokensAfter();
    }
  }

  @Test
  void constructor_fieldsThatDisagree_nameTheField() {
    assertRefused("heads is 5, which does not divide embedding_size 64", 64, 5, 4, 1, 1e-5);
    assertRefused("kernel_size is 3", 64, 2, 3, 1, 1e-5);
    assertRefused("kernel_size is 0", 64, 2, 0, 1, 1e-5);
    assertRefused("embedding_size is 0", 0, 2, 4, 1, 1e-5);
    assertRefused("window_sizes has 2 entries for 1 layers", 64, 2, 4, 2, 1e-5);
    assertRefused("layer_norm_epsilon is 0.0", 64, 2, 4, 1, 0.0);
    assertRefused("layer_norm_epsilon is NaN", 64, 2, 4, 1, Double.NaN);
  }

  private static void assertRefused(
      String message, int width, int heads, int kernel, int windows, double epsilon) {
    List<Integer> sizes = Collections.nCopies(windows, 16);
    assertThatThrownBy(() ->
            new ByteFormerArchitecture(
                width,
                1,
                heads,
                128,
                kernel,
                sizes,
                List.of(0),
                List.of(false),
                512,
                10,
                epsilon,
                AttentionMode.REFERENCE))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(message)
        .message()
        .hasLineCount(1);
  }

  private static ByteFormerArchitecture tiny(int kernel, int maximumTokens) {
    return new ByteFormerArchitecture(
        192,
        12,
        3,
        768,
        kernel,
        Collections.nCopies(12, 128),
        IntStream.range(0, 12).mapToObj(layer -> layer % 2 * 64).toList(),
        HALVINGS,
        maximumTokens,
        1000,
        1e-5,
        AttentionMode.REFERENCE);
  }

  private static ByteFormerArchitecture small() {
    return new ByteFormerArchitecture(
        64,
        4,
        2,
        128,
        4,
        List.of(16, 16, 16, 16),
        List.of(0, 8, 0, 8),
        List.of(true, true, false, false),
        512,
        10,
        1e-5,
        AttentionMode.REFERENCE);
  }
}
