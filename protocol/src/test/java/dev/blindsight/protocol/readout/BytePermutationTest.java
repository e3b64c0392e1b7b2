package dev.blindsight.protocol.readout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BytePermutationTest {
  @Test
  void corenet_table_equalsReference() {
    assertThat(Arrays.stream(BytePermutation.corenet().table()).boxed())
        .containsExactlyElementsOf(CorenetVectors.load().permutation());
  }

  @Test
  void keyed_knownSecret_equalsKnownAnswer() {
    // From an independent implementation in Python's hmac and hashlib; secret 000102...1f.
    int[] table = BytePermutation.keyed(Secrets.counting()).table();

    assertThat(Arrays.copyOf(table, 16))
        .containsExactly(2, 59, 103, 173, 46, 6, 192, 181, 57, 133, 203, 185, 83, 235, 189, 220);
    byte[] bytes = new byte[table.length];
    IntStream.range(0, table.length).forEach(value -> bytes[value] = (byte) table[value]);
    assertThat(Sha256.hex(bytes))
        .isEqualTo("cce68fbdbb490f331f23fdf4a629ce75de14f2c6a0d8a37b76dd6224cb3d9c3f");
  }

  @Property
  void keyed_anySecret_isUndoneByItsInverse(
      @ForAll @Size(DeviceSecret.BYTES) byte[] secret, @ForAll @IntRange(max = 255) int value) {
    BytePermutation permutation = BytePermutation.keyed(DeviceSecret.of(secret));

    assertThat(permutation.inverse().apply(permutation.apply(value))).isEqualTo(value);
    assertThat(permutation.inverse().inverse()).isEqualTo(permutation);
    assertThat(BytePermutation.of(permutation.table())).isEqualTo(permutation);
  }

  @Test
  void of_notABijection_isRefused() {
    int[] repeated = BytePermutation.identity().table();
    repeated[3] = 4;
    int[] outOfRange = BytePermutation.identity().table();
    outOfRange[3] = 256;

    assertThatThrownBy(() -> BytePermutation.of(repeated)).hasMessageContaining("4 in the");
    assertThatThrownBy(() -> BytePermutation.of(outOfRange)).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> BytePermutation.of(new int[255])).isInstanceOf(UserError.class);
  }

  @Test
  void table_changedByTheCaller_leavesThePermutationAsItWas() {
    BytePermutation permutation = BytePermutation.identity();
    permutation.table()[0] = 9;

    assertThat(permutation.apply(0)).isZero();
  }
}
