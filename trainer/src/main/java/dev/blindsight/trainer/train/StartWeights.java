package dev.blindsight.trainer.train;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.recipe.Recipe;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The weights a training starts from.
 *
 * <p>CoreNet's start gives every byte value an independent random row, so that a small data set
 * must teach the network that 100 and 101 are nearly the same brightness. The smooth start says so
 * from the beginning: with x the value scaled to -1..1, each column is a random combination of x
 * and of sin(πjx/2) and cos(πjx/2), j = 1, 2, …, weighted 1/(1 + j) so that slow waves prevail
 * (random Fourier features, Rahimi and Recht, 2007; Tancik et al., 2020). The table as a whole
 * keeps the deviation C<sup>-1/2</sup> of the random start.
 */
final class StartWeights {
  private static final String EMBEDDINGS = "embeddings.weight";
  private static final int BYTE_VALUES = 256;
  private static final long EMBEDDING_STREAM = 0x5EED_0E3B_EDD1_2600L;

  private StartWeights() {}

  static Weights of(Recipe recipe) {
    ByteFormerArchitecture architecture = recipe.network();
    Weights random = Weights.initialise(architecture, recipe.seed());
    return switch (recipe.embedding().start()) {
      case RANDOM -> random;
      case SMOOTH -> {
        float[] table = random.values(EMBEDDINGS);
        smooth(
            table,
            architecture.embeddingSize(),
            recipe.embedding().frequencies(),
            new SplittableRandom(recipe.seed() ^ EMBEDDING_STREAM));
        yield random.with(EMBEDDINGS, table);
      }
    };
  }

  /** Overwrites the rows of the byte values; the row of the padding token stays as it is. */
  private static void smooth(float[] table, int width, int frequencies, RandomGenerator random) {
    double[] values = new double[BYTE_VALUES * width];
    for (int column = 0; column < width; column++) {
      double slope = random.nextGaussian();
      for (int value = 0; value < BYTE_VALUES; value++) {
        values[value * width + column] = slope * scaled(value);
      }
      for (int wave = 1; wave <= frequencies; wave++) {
        double sine = random.nextGaussian() / (1 + wave);
        double cosine = random.nextGaussian() / (1 + wave);
        for (int value = 0; value < BYTE_VALUES; value++) {
          double angle = Math.PI * wave * scaled(value) / 2;
          values[value * width + column] += sine * Math.sin(angle) + cosine * Math.cos(angle);
        }
      }
    }
    double factor = Math.pow(width, -0.5) / deviation(values);
    for (int i = 0; i < values.length; i++) {
      table[i] = (float) (values[i] * factor);
    }
  }

  private static double scaled(int value) {
    return 2.0 * value / (BYTE_VALUES - 1) - 1;
  }

  private static double deviation(double[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / values.length;
    return Math.sqrt(squares / values.length - mean * mean);
  }
}
