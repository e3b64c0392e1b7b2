package dev.blindsight.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.data.TestRecipes;
import dev.blindsight.trainer.recipe.Recipe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StartWeightsTest {
  private static final int WIDTH = 64;

  private static Recipe recipe(String... overrides) {
    String[] all = Arrays.copyOf(overrides, overrides.length + 1);
    all[overrides.length] = "architecture.embedding_size=" + WIDTH;
    return TestRecipes.idx(Path.of("data"), 8, 8, all);
  }

  private static double distance(float[] table, int first, int second) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      double difference = table[first * WIDTH + i] - table[second * WIDTH + i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  @Test
  void of_smoothStart_placesNeighbouringValuesTogether() {
    float[] table = StartWeights.of(recipe()).values("embeddings.weight");

    assertThat(distance(table, 100, 101)).isLessThan(0.1 * distance(table, 40, 200));
    assertThat(distance(table, 0, 1)).isLessThan(0.1 * distance(table, 0, 255));
    assertThat(distance(table, 256, 256)).isZero();
    double squares = 0;
    double sum = 0;
    for (int i = 0; i < 256 * WIDTH; i++) {
      squares += table[i] * table[i];
      sum += table[i];
    }
    double mean = sum / (256 * WIDTH);
    assertThat(Math.sqrt(squares / (256 * WIDTH) - mean * mean))
        .isCloseTo(1 / Math.sqrt(WIDTH), within(1e-4));
    for (int i = 256 * WIDTH; i < table.length; i++) {
      assertThat(table[i]).isZero();
    }
  }

  @Test
  void of_randomStart_makesNeighboursStrangers() {
    float[] table = StartWeights.of(recipe("embedding.start=random")).values("embeddings.weight");

    assertThat(distance(table, 100, 101)).isGreaterThan(0.5 * distance(table, 40, 200));
  }

  @Test
  void of_oneSeed_isTheSameAlways() {
    assertThat(StartWeights.of(recipe())).isEqualTo(StartWeights.of(recipe()));
    assertThat(StartWeights.of(recipe("seed=2"))).isNotEqualTo(StartWeights.of(recipe()));
  }

  @Test
  void permutedEmbedding_ofPermutedBytes_givesTheSameLogitsBitForBit() {
    Recipe recipe = recipe();
    BytePermutation permutation = BytePermutation.corenet();
    Weights weights = StartWeights.of(recipe);
    Weights permuted = PermutedEmbedding.of(weights, permutation);
    byte[] plain = new byte[32];
    new Random(3).nextBytes(plain);
    byte[] sent = new byte[32];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) permutation.apply(Byte.toUnsignedInt(plain[i]));
    }

    float[] expected = new ReferenceForward(recipe.network(), weights).logits(plain);

    assertThat(new ReferenceForward(recipe.network(), permuted).logits(sent))
        .containsExactly(expected);
    assertThat(new ReferenceForward(recipe.network(), permuted).logits(plain))
        .isNotEqualTo(expected);
  }
}
