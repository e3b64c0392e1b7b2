package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A network of CoreNet as Blindsight describes it.
 *
 * @param readout what it was trained on
 * @param paddedLength how far its readouts are padded, null when not at all
 * @param architecture with as many positions as the (padded) readouts need
 * @param weights of that architecture
 */
public record ImportedNetwork(
    ReadoutSpecDefinition readout,
    @Nullable Integer paddedLength,
    ByteFormerArchitecture architecture,
    Weights weights) {

  /**
   * Puts a network together.
   *
   * @param weights by CoreNet's names
   * @param source names the weights in errors
   * @param configuration CoreNet's, or null without one
   * @param length bytes of a readout, or null where the configuration tells it
   * @param paddedLength to how many tokens the readouts are padded at the end, or null
   * @throws UserError one line, when something is missing or does not agree
   */
  public static ImportedNetwork of(
      Weights weights,
      String source,
      NetworkOptions options,
      @Nullable CoreNetConfiguration configuration,
      @Nullable Integer length,
      @Nullable Integer paddedLength,
      Remarks remarks) {
    ByteFormerArchitecture whole = architecture(weights, source, options, configuration, remarks);
    ReadoutSpecDefinition readout = new ReadoutReading(configuration, remarks).definition(length);
    int bytes = readout.length();
    if (paddedLength != null && paddedLength < bytes) {
      throw new UserError(
          "--pad-to is %d, but a readout has %d bytes: give at least that, or leave it out"
              .formatted(paddedLength, bytes));
    }
    int seen = paddedLength == null ? bytes : paddedLength;
    int tokens = tokens(whole, source, seen);
    return new ImportedNetwork(
        readout,
        seen == bytes ? null : seen,
        withPositions(whole, tokens),
        withPositions(weights, tokens));
  }

  private static ByteFormerArchitecture architecture(
      Weights weights,
      String source,
      NetworkOptions options,
      @Nullable CoreNetConfiguration configuration,
      Remarks remarks) {
    NetworkShape shape;
    try {
      shape = NetworkShape.of(weights);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
    ByteFormerArchitecture architecture =
        new NetworkReading(shape, source, options, configuration, remarks).architecture();
    try {
      weights.requireFit(architecture);
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: %s: give the weights of a ByteFormer".formatted(source, e.getMessage()), e);
    }
    return architecture;
  }

  private static int tokens(ByteFormerArchitecture architecture, String source, int length) {
    try {
      return architecture.tokens(length);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
  }

  private static ByteFormerArchitecture withPositions(ByteFormerArchitecture whole, int tokens) {
    return new ByteFormerArchitecture(
        whole.embeddingSize(),
        whole.layers(),
        whole.heads(),
        whole.feedForwardSize(),
        whole.kernelSize(),
        whole.windowSizes(),
        whole.windowShifts(),
        whole.downsample(),
        tokens,
        whole.classes(),
        whole.layerNormEpsilon(),
        whole.attention());
  }

  /** Positions after the last token are never added to anything. */
  private static Weights withPositions(Weights weights, int tokens) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      tensors.put(name, name.equals(ParameterNames.POSITIONS) ? first(tensor, tokens) : tensor);
    }
    return Weights.of(tensors);
  }

  private static Tensor first(Tensor positions, int tokens) {
    int width = positions.shape().getLast();
    return Tensor.of(
        List.of(1, 1, tokens, width), Arrays.copyOf(positions.values(), tokens * width));
  }
}
