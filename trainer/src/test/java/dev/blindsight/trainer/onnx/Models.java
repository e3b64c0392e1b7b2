package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Training;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.byteformer.Weights;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Networks, cards and readouts for tests. */
final class Models {
  private Models() {}

  /** A network whose layers all have the same window; odd layers shift it by half. */
  static ByteFormerArchitecture network(
      int width,
      int heads,
      int kernel,
      int window,
      List<Boolean> downsample,
      int maximumTokens,
      AttentionMode attention) {
    int layers = downsample.size();
    return new ByteFormerArchitecture(
        width,
        layers,
        heads,
        2 * width,
        kernel,
        Collections.nCopies(layers, window),
        IntStream.range(0, layers).map(layer -> layer % 2 * (window / 2)).boxed().toList(),
        downsample,
        maximumTokens,
        10,
        1e-5,
        attention);
  }

  /** A card of a sensor that keeps every channel of one row. */
  static ModelCard card(ByteFormerArchitecture architecture, int length) {
    return card(architecture, length, null);
  }

  /** The same, of a network that pads its readouts. */
  static ModelCard card(
      ByteFormerArchitecture architecture, int length, @Nullable Integer paddedLength) {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(length, 1, 1), 1, false);
    return new ModelCard(
        ModelCard.VERSION,
        "test",
        spec.id(),
        ReadoutSpecDefinition.of(spec),
        length,
        paddedLength,
        IntStream.range(0, architecture.classes()).mapToObj(i -> "class " + i).toList(),
        architecture,
        new Training("test", "0".repeat(64), "none", 1, 0, "test"),
        List.of(),
        null);
  }

  /**
   * Random weights of which none is as training finds it: also biases and norms differ from 0 and
   * 1.
   */
  static Weights weights(ByteFormerArchitecture architecture, long seed) {
    Random random = new Random(seed);
    Weights weights = Weights.initialise(architecture, seed);
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

  static List<byte[]> readouts(int count, int length, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          byte[] readout = new byte[length];
          random.nextBytes(readout);
          return readout;
        })
        .toList();
  }
}
