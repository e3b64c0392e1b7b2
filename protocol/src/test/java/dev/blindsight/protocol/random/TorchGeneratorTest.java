package dev.blindsight.protocol.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.CorenetVectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TorchGeneratorTest {
  private static final long CORENET_SEED = 2_147_483_647L;

  @Test
  void nextUnsignedInt_referenceSeeds_equalsPyTorch() {
    CorenetVectors vectors = CorenetVectors.load();

    assertThat(draw(CORENET_SEED, 10)).containsExactlyElementsOf(vectors.mt19937Seed2147483647());
    assertThat(draw(5489, 5)).containsExactlyElementsOf(vectors.mt19937Seed5489());
  }

  @Test
  void nextUnsignedInt_tenThousandthOfDefaultSeed_equalsCppStandard() {
    // ISO C++ [rand.predef]: the 10000th value of a default mt19937 is 4123659995.
    TorchGenerator generator = new TorchGenerator(5489);
    for (int i = 1; i < 10_000; i++) {
      generator.nextUnsignedInt();
    }

    assertThat(generator.nextUnsignedInt()).isEqualTo(4_123_659_995L);
  }

  @Test
  void nextUnsignedInt_seedsWithEqualLowBits_giveEqualStreams() {
    assertThat(draw(7, 3)).isEqualTo(draw((9L << 32) + 7, 3));
  }

  @Test
  void permutation_everyReferenceSize_startsAsPyTorch() {
    for (CorenetVectors.Mask mask : CorenetVectors.load().masks()) {
      int[] permutation = new TorchGenerator(CORENET_SEED).permutation(mask.elements());

      assertThat(Arrays.stream(permutation).limit(20).boxed())
          .containsExactlyElementsOf(mask.permutationStarts());
    }
  }

  @Test
  void permutation_oneOrNoElement_drawsNothing() {
    TorchGenerator generator = new TorchGenerator(1);

    assertThat(generator.permutation(0)).isEmpty();
    assertThat(generator.permutation(1)).containsExactly(0);
    assertThat(generator.nextUnsignedInt()).isEqualTo(draw(1, 1).getFirst());
  }

  @Test
  void permutation_sizeWherePyTorchChangesAlgorithm_isRefused() {
    TorchGenerator generator = new TorchGenerator(1);

    assertThatThrownBy(() -> generator.permutation(214_748_364))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("214748364");
    assertThatThrownBy(() -> generator.permutation(-1)).isInstanceOf(UserError.class);
  }

  @Property
  void permutation_anySeedAndSize_isBijective(
      @ForAll long seed, @ForAll @IntRange(max = 3000) int size) {
    int[] permutation = new TorchGenerator(seed).permutation(size);

    assertThat(Arrays.stream(permutation).sorted().toArray())
        .isEqualTo(IntStream.range(0, size).toArray());
  }

  private static List<Long> draw(long seed, int count) {
    TorchGenerator generator = new TorchGenerator(seed);
    return LongStream.generate(generator::nextUnsignedInt).limit(count).boxed().toList();
  }
}
