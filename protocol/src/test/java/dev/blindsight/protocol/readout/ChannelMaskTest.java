package dev.blindsight.protocol.readout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelMaskTest {
  static List<CorenetVectors.Mask> referenceMasks() {
    return CorenetVectors.load().masks();
  }

  @ParameterizedTest
  @MethodSource("referenceMasks")
  void corenet_everyReferenceMask_isReproduced(CorenetVectors.Mask reference) {
    ChannelMask mask = ChannelMask.corenet(reference.elements(), reference.keep());
    List<Integer> channels = Arrays.stream(mask.channels()).boxed().toList();

    assertThat(mask.size()).isEqualTo(reference.kept());
    assertThat(mask.elements()).isEqualTo(reference.elements());
    assertThat(mask.sha256()).isEqualTo(reference.sha256());
    assertThat(channels).startsWith(reference.channelsStart().toArray(Integer[]::new));
    assertThat(channels).endsWith(reference.channelsEnd().toArray(Integer[]::new));
    assertThat(channels.stream().mapToLong(Integer::longValue).sum()).isEqualTo(reference.sum());
  }

  @ParameterizedTest
  @CsvSource({
    "192, 19, 975cdbabf15ed69897f5a788a3ba0dcc7e552feca3bc1b5947ba3ae88df27aa0",
    "3072, 307, 8b35c3853b9545b785d41d207f0e21f62f8e20db05b9b7db123d84a738896c23",
    "150528, 15052, 87feaa33d5bfb4ad9fcd7e189ec968b91cc06b0de7eedb29cd7195940800580c"
  })
  void keyed_knownSecret_equalsKnownAnswer(int elements, int kept, String sha256) {
    // From an independent implementation in Python's hmac and hashlib; secret 000102...1f.
    ChannelMask mask = ChannelMask.keyed(elements, 0.1, Secrets.counting());

    assertThat(mask.size()).isEqualTo(kept);
    assertThat(mask.sha256()).isEqualTo(sha256);
  }

  @Property(tries = 300)
  void corenet_anySizeAndFraction_isSortedUniqueAndNested(
      @ForAll @IntRange(min = 1, max = 5000) int elements,
      @ForAll @DoubleRange(min = 0.01, max = 1.0) double keep,
      @ForAll @DoubleRange(min = 0.01, max = 1.0) double otherKeep) {
    requireNested(elements, keep, otherKeep, fraction -> ChannelMask.corenet(elements, fraction));
  }

  @Property(tries = 300)
  void keyed_anySizeAndFraction_isSortedUniqueAndNested(
      @ForAll @Size(DeviceSecret.BYTES) byte[] secret,
      @ForAll @IntRange(min = 1, max = 5000) int elements,
      @ForAll @DoubleRange(min = 0.01, max = 1.0) double keep,
      @ForAll @DoubleRange(min = 0.01, max = 1.0) double otherKeep) {
    DeviceSecret device = DeviceSecret.of(secret);
    requireNested(
        elements, keep, otherKeep, fraction -> ChannelMask.keyed(elements, fraction, device));
  }

  private static void requireNested(
      int elements, double keep, double otherKeep, DoubleFunction<ChannelMask> masks) {
    double less = Math.min(keep, otherKeep);
    if ((int) (less * elements) == 0) {
      assertThatThrownBy(() -> masks.apply(less)).isInstanceOf(UserError.class);
      return;
    }
    ChannelMask smaller = masks.apply(less);
    ChannelMask larger = masks.apply(Math.max(keep, otherKeep));

    assertThat(smaller.size()).isEqualTo((int) (less * elements));
    assertThat(smaller).isEqualTo(ChannelMask.of(elements, smaller.channels()));
    assertThat(Arrays.stream(larger.channels()).boxed().toList())
        .containsAll(Arrays.stream(smaller.channels()).boxed().toList());
  }

  @Test
  void toLittleEndianInt32_anyMask_isAscendingLowByteFirst() {
    ChannelMask mask = ChannelMask.of(70_000, new int[] {1, 258, 65_539});

    assertThat(mask.toLittleEndianInt32()).containsExactly(1, 0, 0, 0, 2, 1, 0, 0, 3, 0, 1, 0);
  }

  @Test
  void channels_changedByTheCaller_leavesTheMaskAsItWas() {
    int[] given = {1, 2};
    ChannelMask mask = ChannelMask.of(10, given);
    given[0] = 0;
    mask.channels()[1] = 9;

    assertThat(mask.channels()).containsExactly(1, 2);
    assertThat(mask.channelAt(1)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, -0.1, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
  void corenet_keepOutOfRange_isOneClearLine(double keep) {
    assertThatThrownBy(() -> ChannelMask.corenet(100, keep))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("keep is " + keep)
        .hasMessageContaining("greater than 0, at most 1")
        .message()
        .hasLineCount(1);
  }

  @Test
  void corenet_keepSmallerThanOneChannel_saysTheLeastThatWorks() {
    assertThatThrownBy(() -> ChannelMask.corenet(100, 0.0099))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("0.01");
  }

  @Test
  void corenet_noElements_isRefused() {
    assertThatThrownBy(() -> ChannelMask.corenet(0, 0.5))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("elements");
  }

  @Test
  void of_unsortedRepeatedOutOfRangeOrEmpty_isRefused() {
    for (int[] channels : new int[][] {{2, 1}, {1, 1}, {-1}, {10}, {}}) {
      assertThatThrownBy(() -> ChannelMask.of(10, channels)).isInstanceOf(UserError.class);
    }
  }
}
