package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Small networks of every shape, with weights that leave no parameter without effect. */
final class RandomArchitectures {

  private RandomArchitectures() {}

  static ByteFormerArchitecture architecture(SplittableRandom random, AttentionMode mode) {
    int heads = random.nextInt(1, 5);
    int layers = random.nextInt(1, 4);
    int width = heads * random.nextInt(1, 6);
    return new ByteFormerArchitecture(
        width,
        layers,
        heads,
        random.nextInt(1, 40),
        2 * random.nextInt(1, 9),
        // A window as long as tokens are wide brings out the reference's norm across tokens.
        drawn(layers, () -> random.nextInt(3) == 0 ? width : random.nextInt(1, 20)),
        drawn(layers, () -> random.nextInt(0, 30)),
        drawn(layers, random::nextBoolean),
        2000,
        random.nextInt(1, 12),
        1e-5,
        mode);
  }

  /** Values large enough that attention is far from uniform and biases count. */
  static Weights weights(ByteFormerArchitecture architecture, SplittableRandom random) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .parameterShapes()
        .forEach((name, shape) -> {
          float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
          double scale = shape.size() == 2 ? 1 / Math.sqrt(shape.getLast()) : 0.5;
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
          }
          tensors.put(name, Tensor.of(shape, values));
        });
    return Weights.of(tensors);
  }

  static int[] values(int count, SplittableRandom random) {
    return IntStream.range(0, count).map(i -> random.nextInt(256)).toArray();
  }

  private static <T> List<T> drawn(int count, Supplier<T> draw) {
    return IntStream.range(0, count).mapToObj(i -> draw.get()).toList();
  }
}
