package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Draws the weights of a fresh model from the distributions that CoreNet 1aa3acd really uses.
 *
 * <p>Its YAML options for initialisation are never applied; what remains is: embeddings and
 * positions normal with deviation C<sup>-1/2</sup> (the row of the padding token zero), the
 * convolution uniform within ±(C·k)<sup>-1/2</sup>, every linear layer Xavier-uniform, biases zero,
 * LayerNorm one and zero.
 */
final class WeightInitialiser {

  private final ByteFormerArchitecture architecture;
  private final RandomGenerator random;

  WeightInitialiser(ByteFormerArchitecture architecture, long seed) {
    this.architecture = architecture;
    this.random = new SplittableRandom(seed);
  }

  Weights draw() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .parameterShapes()
        .forEach((name, shape) -> tensors.put(name, Tensor.owning(shape, values(name, shape))));
    return Weights.of(tensors);
  }

  private float[] values(String name, List<Integer> shape) {
    float[] values = new float[Math.toIntExact(Tensor.elements(shape))];
    double embeddingDeviation = Math.pow(architecture.embeddingSize(), -0.5);
    switch (name) {
      case ParameterNames.EMBEDDINGS -> {
        int padding = values.length - architecture.embeddingSize();
        normal(values, padding, embeddingDeviation);
      }
      case ParameterNames.POSITIONS -> normal(values, values.length, embeddingDeviation);
      case ParameterNames.CONVOLUTION ->
          uniform(values, Math.pow((double) shape.get(1) * shape.get(2), -0.5));
      default -> {
        if (shape.size() == 2) {
          uniform(values, Math.sqrt(6.0 / (shape.get(0) + shape.get(1))));
        } else if (name.endsWith("weight")) {
          Arrays.fill(values, 1);
        }
      }
    }
    return values;
  }

  private void normal(float[] values, int count, double deviation) {
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  private void uniform(float[] values, double bound) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
  }
}
