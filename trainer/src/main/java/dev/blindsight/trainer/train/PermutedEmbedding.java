package dev.blindsight.trainer.train;

import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.trainer.byteformer.Weights;

/**
 * Moves the byte permutation φ into the weights. Training sees values as they are, so that noise
 * and a smooth embedding have a meaning; the device sends φ(v) for v. A table E' with E'[φ(v)] =
 * E[v] makes the same of φ(v) as E makes of v, bit for bit.
 */
final class PermutedEmbedding {
  private static final String EMBEDDINGS = "embeddings.weight";
  private static final int BYTE_VALUES = 256;

  private PermutedEmbedding() {}

  /** The weights for permuted values; the row of the padding token stays in its place. */
  static Weights of(Weights weights, BytePermutation permutation) {
    float[] table = weights.values(EMBEDDINGS);
    float[] permuted = table.clone();
    int width = weights.shape(EMBEDDINGS)[1];
    for (int value = 0; value < BYTE_VALUES; value++) {
      System.arraycopy(table, value * width, permuted, permutation.apply(value) * width, width);
    }
    return weights.with(EMBEDDINGS, permuted);
  }
}
