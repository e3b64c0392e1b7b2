package dev.blindsight.protocol.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Known answers come from an independent implementation in Python's hmac and hashlib. */
class KeyedGeneratorTest {
  private static final byte[] ZERO_KEY = new byte[KeyedGenerator.KEY_BYTES];

  @Test
  void nextUnsignedInt_zeroKey_equalsKnownAnswer() {
    KeyedGenerator generator = new KeyedGenerator(ZERO_KEY);

    assertThat(LongStream.generate(generator::nextUnsignedInt).limit(10))
        .containsExactly(
            169_375_219L,
            2_223_542_970L,
            2_610_032_897L,
            1_517_398_244L,
            1_698_395_746L,
            487_506_369L,
            501_766_152L,
            3_533_664_077L,
            841_573_445L,
            639_960_455L);
  }

  @Test
  void permutation_zeroKey_equalsKnownAnswer() {
    assertThat(new KeyedGenerator(ZERO_KEY).permutation(10, 10))
        .containsExactly(9, 1, 3, 8, 2, 0, 6, 5, 7, 4);
  }

  @Test
  void nextBelow_boundThatDoesNotDivideTheWords_isSpreadEvenly() {
    // 3 * 2^29: a plain remainder would give the lower two thirds half as often again.
    int bound = 3 << 29;
    KeyedGenerator generator = new KeyedGenerator(ZERO_KEY);
    int[] thirds = new int[3];
    for (int i = 0; i < 30_000; i++) {
      thirds[(int) (generator.nextBelow(bound) / (bound / 3L))]++;
    }

    // Standard deviation 82; the stream is fixed, so this cannot fail by chance.
    assertThat(Arrays.stream(thirds).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_700, 10_300));
  }

  @Test
  void nextBelow_one_drawsNothing() {
    KeyedGenerator generator = new KeyedGenerator(ZERO_KEY);

    assertThat(generator.nextBelow(1)).isZero();
    assertThat(generator.nextUnsignedInt()).isEqualTo(169_375_219L);
  }

  @Test
  void constructor_shortKey_isRefused() {
    assertThatThrownBy(() -> new KeyedGenerator(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void permutation_anyKeyAndSize_isBijective(
      @ForAll @Size(KeyedGenerator.KEY_BYTES) byte[] key,
      @ForAll @IntRange(min = 1, max = 1000) int size) {
    int[] permutation = new KeyedGenerator(key).permutation(size, size);

    assertThat(Arrays.stream(permutation).sorted().toArray())
        .isEqualTo(IntStream.range(0, size).toArray());
  }

  @Property
  void permutation_fewerSettledEntries_areAPrefix(
      @ForAll @Size(KeyedGenerator.KEY_BYTES) byte[] key,
      @ForAll @IntRange(min = 1, max = 500) int size,
      @ForAll @IntRange(max = 500) int settled) {
    int fewer = Math.min(settled, size);

    assertThat(Arrays.copyOf(new KeyedGenerator(key).permutation(size, fewer), fewer))
        .isEqualTo(Arrays.copyOf(new KeyedGenerator(key).permutation(size, size), fewer));
  }
}
