package dev.blindsight.protocol.readout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadoutSpecTest {
  private static final SensorGeometry SMALL = new SensorGeometry(28, 28, 1);

  @Test
  void id_corenetAndKeyedSpecs_equalKnownAnswers() {
    // From an independent implementation of the canonical encoding in Python's struct and hashlib.
    assertThat(ReadoutSpec.corenet(SMALL, 0.1, true).id().hex())
        .isEqualTo("47f00fae896b8ce2e09c300db7fba6d4d78c3e34dfabdb8378bef014ee9f7390");
    assertThat(ReadoutSpec.corenet(SMALL, 0.1, false).id().hex())
        .isEqualTo("3b4d53e5d3c41c26bbd509d5a965dfb5c8c8aacfa08c8a86baf1b0a138af33bf");
    assertThat(ReadoutSpec.keyed(SMALL, 0.1, Secrets.counting()).id().hex())
        .isEqualTo("0c339e24c48e0d669b4f175ae00a863d6659902e7d5ef583d99816920446efd9");
  }

  @Test
  void canonicalEncoding_tinySpec_isLaidOutAsDocumented() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(258, 1, 1), 1.0, false);
    ByteBuffer encoding = ByteBuffer.wrap(spec.canonicalEncoding());
    byte[] magic = new byte[23];
    encoding.get(magic);

    assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("blindsight.readout-spec");
    byte[] fixed = new byte[12];
    encoding.get(fixed);
    assertThat(fixed).containsExactly(1, 2, 1, 1, 0, 1, 0, 0, 2, 1, 0, 0);
    assertThat(encoding.remaining()).isEqualTo(4 * 258 + 256);
  }

  @Test
  void id_anyPartChanged_changes() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);

    assertThat(
            List.of(
                ReadoutSpec.corenet(SMALL, 0.1, false).id(),
                ReadoutSpec.corenet(SMALL, 0.2, true).id(),
                ReadoutSpec.corenet(new SensorGeometry(14, 56, 1), 0.1, true).id(),
                new ReadoutSpec(
                        SMALL,
                        MaskScheme.KEYED,
                        0.1,
                        spec.mask(),
                        PermutationScheme.CORENET,
                        spec.permutation())
                    .id()))
        .doesNotHaveDuplicates()
        .doesNotContain(spec.id());
  }

  @Test
  void acquire_anyExposure_asksForKeptChannelsOnlyAndPermutes() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    List<Integer> asked = new ArrayList<>();

    byte[] values =
        spec.acquire(channel -> {
          asked.add(channel);
          return channel % 256;
        });

    assertThat(asked)
        .containsExactlyElementsOf(Arrays.stream(spec.mask().channels()).boxed().toList());
    assertThat(values).hasSize(78);
    for (int slot = 0; slot < values.length; slot++) {
      assertThat(Byte.toUnsignedInt(values[slot]))
          .isEqualTo(spec.permutation().apply(spec.mask().channelAt(slot) % 256));
    }
  }

  @Test
  void acquire_intoABuffer_equalsTheArrayAndAdvancesThePosition() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    ByteBuffer target = ByteBuffer.allocateDirect(80).position(1);

    spec.acquire(channel -> channel, target);

    assertThat(target.position()).isEqualTo(79);
    byte[] written = new byte[78];
    target.get(1, written);
    assertThat(written).isEqualTo(spec.acquire(channel -> channel));
  }

  @Test
  void acquire_bufferTooSmall_readsNothing() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    List<Integer> asked = new ArrayList<>();

    assertThatThrownBy(() ->
            spec.acquire(
                channel -> {
                  asked.add(channel);
                  return 0;
                },
                ByteBuffer.allocate(77)))
        .isInstanceOf(BufferOverflowException.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void acquire_fromAFrameWithPaddedRows_equalsTheChannelsOneByOne() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    byte[] frame = new byte[28 * 32];
    new Random(1).nextBytes(frame);
    int[] offsets = Arrays.stream(spec.mask().channels()).map(i -> i / 28 * 32 + i % 28).toArray();
    byte[] target = new byte[78];

    spec.acquire(MemorySegment.ofArray(frame), offsets, MemorySegment.ofArray(target));

    assertThat(target).isEqualTo(spec.acquire(i -> frame[i / 28 * 32 + i % 28]));
  }

  @Test
  void acquire_offsetsOrTargetOfAnotherLength_isRefused() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    MemorySegment frame = MemorySegment.ofArray(new byte[784]);

    assertThatThrownBy(() -> spec.acquire(frame, new int[77], MemorySegment.ofArray(new byte[78])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("77 offsets and 78 bytes for 78 kept channels");
    assertThatThrownBy(() -> spec.acquire(frame, new int[78], MemorySegment.ofArray(new byte[79])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acquire_offsetOutsideTheFrame_isRefused() {
    ReadoutSpec spec = ReadoutSpec.corenet(SMALL, 0.1, true);
    int[] offsets = new int[78];
    offsets[77] = 784;

    assertThatThrownBy(() ->
            spec.acquire(
                MemorySegment.ofArray(new byte[784]), offsets, MemorySegment.ofArray(new byte[78])))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
