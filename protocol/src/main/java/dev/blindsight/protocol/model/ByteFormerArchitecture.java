package dev.blindsight.protocol.model;

import dev.blindsight.protocol.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * All there is to know about a ByteFormer network but its weights.
 *
 * <p>ByteFormer (Horton et al., "Bytes Are All You Need", 2023) classifies a sequence of bytes: an
 * embedding of each byte value; a strided convolution that turns bytes into tokens; learned
 * positions; transformer blocks with attention in shifted windows, pairs of tokens merged after
 * some of them; a mean over tokens; a linear classifier. The details follow CoreNet 1aa3acd.
 *
 * @param embeddingSize width of a token, 1..8192, a multiple of {@code heads}
 * @param layers transformer blocks, 1..128
 * @param heads attention heads, at least 1
 * @param feedForwardSize hidden width of a block's feed-forward part, 1..32768
 * @param kernelSize bytes seen by one token, even, 2..1024; tokens start every kernelSize / 2 bytes
 * @param windowSizes tokens in an attention window of each block, 1..65536 each
 * @param windowShifts how far each block's windows are shifted, 0..65536 each
 * @param downsample after which blocks pairs of tokens are merged
 * @param maximumTokens rows of the position table, 1..1048576
 * @param classes outputs, 1..65536
 * @param layerNormEpsilon added to the variance in every layer norm, greater than 0, below 1
 * @param attention who takes part in attention
 */
public record ByteFormerArchitecture(
    int embeddingSize,
    int layers,
    int heads,
    int feedForwardSize,
    int kernelSize,
    List<Integer> windowSizes,
    List<Integer> windowShifts,
    List<Boolean> downsample,
    int maximumTokens,
    int classes,
    double layerNormEpsilon,
    AttentionMode attention) {
  private static final int VOCABULARY = 257;

  /**
   * @throws UserError when a field is out of range or the fields disagree
   */
  public ByteFormerArchitecture {
    requireRange("embedding_size", embeddingSize, 1, 8192);
    requireRange("layers", layers, 1, 128);
    requireRange("heads", heads, 1, 1024);
    requireRange("feed_forward_size", feedForwardSize, 1, 32_768);
    requireRange("kernel_size", kernelSize, 2, 1024);
    requireRange("maximum_tokens", maximumTokens, 1, 1 << 20);
    requireRange("classes", classes, 1, 65_536);
    windowSizes = perLayer("window_sizes", windowSizes, layers);
    windowShifts = perLayer("window_shifts", windowShifts, layers);
    downsample = perLayer("downsample", downsample, layers);
    for (int window : windowSizes) {
      requireRange("window_sizes", window, 1, 65_536);
    }
    for (int shift : windowShifts) {
      requireRange("window_shifts", shift, 0, 65_536);
    }
    if (embeddingSize % heads != 0) {
      throw new UserError(
          "heads is %d, which does not divide embedding_size %d: choose a divisor"
              .formatted(heads, embeddingSize));
    }
    if (kernelSize % 2 != 0) {
      throw new UserError(
          "kernel_size is %d: give an even number, as tokens start every half kernel"
              .formatted(kernelSize));
    }
    if (!(layerNormEpsilon > 0.0 && layerNormEpsilon < 1.0)) {
      throw new UserError(
          "layer_norm_epsilon is %s: give a number between 0 and 1, as 1e-5"
              .formatted(layerNormEpsilon));
    }
  }

  /** Rows of the embedding table: 256 byte values and the padding token 256. */
  public int vocabulary() {
    return VOCABULARY;
  }

  /** Bytes between the starts of neighbouring tokens: half the kernel. */
  public int stride() {
    return kernelSize / 2;
  }

  /** The width of one attention head. */
  public int headSize() {
    return embeddingSize / heads;
  }

  /**
   * The number of tokens the stem makes of an input: (inputLength - kernelSize) / stride + 1, cut
   * to an integer. Bytes that do not fill a last kernel are ignored.
   *
   * @param inputLength bytes, at least {@code kernelSize}
   * @throws UserError when the input is too short, or makes more than {@code maximumTokens} tokens
   */
  public int tokens(int inputLength) {
    if (inputLength < kernelSize) {
      throw new UserError(
          "an input of %d bytes is shorter than kernel_size %d: give a longer input or a smaller kernel"
              .formatted(inputLength, kernelSize));
    }
    int tokens = (inputLength - kernelSize) / stride() + 1;
    if (tokens > maximumTokens) {
      throw new UserError(
          "an input of %d bytes makes %d tokens, more than maximum_tokens %d: give a shorter input or raise it"
              .formatted(inputLength, tokens, maximumTokens));
    }
    return tokens;
  }

  /**
   * What each block does to an input of one length.
   *
   * @param inputLength bytes
   * @throws UserError as {@link #tokens}
   */
  public List<LayerPlan> plan(int inputLength) {
    List<LayerPlan> plans = new ArrayList<>(layers);
    int tokens = tokens(inputLength);
    for (int layer = 0; layer < layers; layer++) {
      int window = windowSizes.get(layer);
      int windows = Math.ceilDiv(tokens, window);
      // Wrapped round, one window keeps its members: their order matters only to the reference's
      // norm across tokens, which a window as long as tokens are wide brings about. Unwrapped, the
      // shift must cut every length at the same places, else padding an input to a second window
      // would change its answer.
      boolean rollIsVoid =
          windows == 1 && attention == AttentionMode.REFERENCE && window != embeddingSize;
      int shift = rollIsVoid ? 0 : windowShifts.get(layer) % window;
      boolean merges = downsample.get(layer);
      int after = merges ? Math.ceilDiv(tokens, 2) : tokens;
      plans.add(
          new LayerPlan(layer, tokens, window, windows * window, windows, shift, merges, after));
      tokens = after;
    }
    return List.copyOf(plans);
  }

  /** The number of weights: the sum over {@link #parameterShapes()}. */
  public long parameterCount() {
    return parameterShapes().values().stream()
        .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /**
   * The tensors of the network by their CoreNet 1aa3acd {@code state_dict} names with their shapes,
   * in the order of the published files.
   */
  public SequencedMap<String, List<Integer>> parameterShapes() {
    int width = embeddingSize;
    SequencedMap<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.weight", List.of(VOCABULARY, width));
    shapes.put("token_reduction_net.weight", List.of(width, width, kernelSize));
    shapes.put("pos_embed.pos_embed.pos_embed", List.of(1, 1, maximumTokens, width));
    for (int layer = 0; layer < layers; layer++) {
      if (downsample.get(layer)) {
        String name = "downsamplers.downsample_" + layer + ".";
        shapes.put(name + "reduction.weight", List.of(width, 2 * width));
        putWeightAndBias(shapes, name + "norm", List.of(width));
      }
    }
    for (int layer = 0; layer < layers; layer++) {
      String name = "transformer." + layer + ".";
      putWeightAndBias(shapes, name + "pre_norm_mha.0", List.of(width));
      putWeightAndBias(shapes, name + "pre_norm_mha.1.qkv_proj", List.of(3 * width, width));
      putWeightAndBias(shapes, name + "pre_norm_mha.1.out_proj", List.of(width, width));
      putWeightAndBias(shapes, name + "pre_norm_ffn.0", List.of(width));
      putWeightAndBias(shapes, name + "pre_norm_ffn.1", List.of(feedForwardSize, width));
      putWeightAndBias(shapes, name + "pre_norm_ffn.4", List.of(width, feedForwardSize));
    }
    putWeightAndBias(shapes, "post_transformer_norm", List.of(width));
    putWeightAndBias(shapes, "classifier", List.of(classes, width));
    return shapes;
  }

  /**
   * Multiplications with accumulation for one input, in convolution, projections, attention,
   * merging and classifier, with window padding counted as the reference computes it. Norms,
   * activations, softmax and additions are not counted. Two floating-point operations each.
   *
   * @param inputLength bytes
   * @throws UserError as {@link #tokens}
   */
  public long multiplyAdds(int inputLength) {
    long width = embeddingSize;
    long total = tokens(inputLength) * width * width * kernelSize;
    for (LayerPlan layer : plan(inputLength)) {
      long ofToken = 4 * width * width + 2 * width * feedForwardSize + 2 * width * layer.window();
      total += layer.paddedTokens() * ofToken;
      if (layer.downsample()) {
        total += 2 * width * width * layer.tokensAfter();
      }
    }
    return total + width * classes;
  }

  private static void putWeightAndBias(
      SequencedMap<String, List<Integer>> shapes, String name, List<Integer> weight) {
    shapes.put(name + ".weight", weight);
    shapes.put(name + ".bias", weight.subList(0, 1));
  }

  private static <T> List<T> perLayer(String name, List<T> values, int layers) {
    if (values.size() != layers) {
      throw new UserError(
          "%s has %d entries for %d layers: give one for each layer"
              .formatted(name, values.size(), layers));
    }
    return List.copyOf(values);
  }

  private static void requireRange(String name, int value, int minimum, int maximum) {
    if (value < minimum || value > maximum) {
      throw new UserError(
          "%s is %d: give a whole number from %d to %d".formatted(name, value, minimum, maximum));
    }
  }
}
