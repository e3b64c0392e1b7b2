package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network of a recipe; what the readout and the labels fix already is left out.
 *
 * @param embeddingSize width of a token
 * @param layers transformer blocks
 * @param heads attention heads, a divisor of the width
 * @param feedForwardSize hidden width of a block's feed-forward part
 * @param kernelSize bytes seen by one token
 * @param windowSizes tokens in an attention window: one number for every block, or one for each
 * @param windowShifts shift of the windows: one number for every block, or one for each
 * @param downsampleAfter blocks, counted from 0, after which pairs of tokens are merged
 * @param maximumTokens rows of the position table; absent, as many as the readout makes tokens
 * @param layerNormEpsilon added to the variance in every layer norm
 * @param attention who takes part in attention
 */
public record ArchitectureSettings(
    int embeddingSize,
    int layers,
    int heads,
    int feedForwardSize,
    int kernelSize,
    List<Integer> windowSizes,
    List<Integer> windowShifts,
    List<Integer> downsampleAfter,
    @Nullable Integer maximumTokens,
    double layerNormEpsilon,
    AttentionMode attention) {
  private static final int MOST_LAYERS = 128;
  private static final int LARGEST_KERNEL = 1024;

  /**
   * @throws UserError when a list does not suit the number of layers
   */
  public ArchitectureSettings {
    Limits.whole("layers", layers, 1, MOST_LAYERS);
    Limits.whole("kernel_size", kernelSize, 2, LARGEST_KERNEL);
    windowSizes = List.copyOf(windowSizes);
    windowShifts = List.copyOf(windowShifts);
    downsampleAfter = List.copyOf(downsampleAfter);
    for (int layer : downsampleAfter) {
      Limits.whole("downsample_after", layer, 0, layers - 1L);
    }
  }

  /**
   * The whole description of the network.
   *
   * @param inputLength bytes of a readout
   * @param classes number of labels
   * @throws UserError when the fields disagree or do not suit the readout
   */
  public ByteFormerArchitecture architecture(int inputLength, int classes) {
    List<Boolean> downsample = new ArrayList<>(Collections.nCopies(layers, false));
    downsampleAfter.forEach(layer -> downsample.set(layer, true));
    int rows =
        maximumTokens == null
            ? Math.max(1, (inputLength - kernelSize) / (kernelSize / 2) + 1)
            : maximumTokens;
    ByteFormerArchitecture whole =
        new ByteFormerArchitecture(
            embeddingSize,
            layers,
            heads,
            feedForwardSize,
            kernelSize,
            forEachLayer(windowSizes),
            forEachLayer(windowShifts),
            downsample,
            rows,
            classes,
            layerNormEpsilon,
            attention);
    // An input that is too short or makes too many tokens is refused here, not while training.
    whole.tokens(inputLength);
    return whole;
  }

  private List<Integer> forEachLayer(List<Integer> values) {
    return values.size() == 1 ? Collections.nCopies(layers, values.getFirst()) : values;
  }
}
