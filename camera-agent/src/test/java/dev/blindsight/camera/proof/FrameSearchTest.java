package dev.blindsight.camera.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameSearchTest {
  private static final SensorGeometry GEOMETRY = new SensorGeometry(30, 20, 3);
  private static final ReadoutSpec SPEC = ReadoutSpec.corenet(GEOMETRY, 0.1, true);
  private static final int ROW = 90;

  @TempDir Path folder;

  /** Frames of noise, kept in all the ways somebody might keep one. */
  static Stream<Arguments> keepings() {
    return Stream.of(
        Arguments.of("bytes", (Keeping) frame -> frame.clone()),
        Arguments.of("inside a longer array", (Keeping) frame -> moved(frame, 777)),
        Arguments.of("whole numbers", (Keeping) FrameSearchTest::ints),
        Arguments.of("shorts", (Keeping) FrameSearchTest::shorts),
        Arguments.of("text", (Keeping) FrameSearchTest::text),
        Arguments.of("fractions to 1", (Keeping) frame -> fractions(frame, 255f)),
        Arguments.of("fractions to 255", (Keeping) frame -> fractions(frame, 1f)),
        Arguments.of("packed, little-endian", (Keeping) f -> packed(f, ByteOrder.LITTLE_ENDIAN)),
        Arguments.of("packed, big-endian", (Keeping) f -> packed(f, ByteOrder.BIG_ENDIAN)),
        Arguments.of("planar", (Keeping) f -> placed(f, c -> c % 3 * 600 + c / 3, 1800)),
        Arguments.of("reversed", (Keeping) f -> placed(f, c -> c / 3 * 3 + 2 - c % 3, 1800)),
        Arguments.of("padded pixels", (Keeping) f -> placed(f, c -> c / 3 * 4 + c % 3, 2400)),
        Arguments.of("padded rows", (Keeping) f -> placed(f, c -> c / ROW * 96 + c % ROW, 1920)));
  }

  /** Keeps a frame. */
  @FunctionalInterface
  interface Keeping {
    Object keep(byte[] frame);
  }

  @FunctionalInterface
  private interface Place {
    int of(int channel);
  }

  /** The garbage of other tests makes dumps long. */
  @BeforeEach
  void collect() {
    System.gc();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keepings")
  void in_aDumpWithAPlantedFrame_findsIt(String name, Keeping keeping) throws IOException {
    byte[] frame = noise(name.hashCode());
    byte[] kept = kept(frame);
    Object planted = keeping.keep(frame);
    Arrays.fill(frame, (byte) 0);

    try {
      assertThat(found(kept)).isTrue();
    } finally {
      Reference.reachabilityFence(planted);
    }
  }

  @Test
  void in_aDumpWithTheReadoutAlone_findsNothing() throws IOException {
    byte[] frame = noise(5);
    byte[] kept = kept(frame);
    Arrays.fill(frame, (byte) 0);

    assertThat(found(kept)).isFalse();
  }

  @Test
  void in_aFrameThatNobodyRefersTo_findsItUntilItIsCollected() throws IOException {
    byte[] kept = ((Supplier<byte[]>) () -> kept(noise(6))).get();

    assertThat(found(kept)).isTrue();
  }

  @Test
  void enough_uniformValues_isNot() {
    assertThat(FrameSearch.enough(new byte[180])).isFalse();
    assertThat(FrameSearch.enough(kept(noise(7)))).isTrue();
  }

  private boolean found(byte[] kept) throws IOException {
    FrameSearch.Trace trace = new FrameSearch(SPEC).trace(kept);
    ChannelView views = new ChannelView();
    boolean[] found = {false};
    long bytes =
        HeapDump.visit(
            folder,
            (type, content, length) ->
                views.of(
                    type,
                    content,
                    length,
                    (values, count) -> found[0] |= !trace.in(values, count).isEmpty()));
    assertThat(bytes).isGreaterThan(1_000_000);
    assertThat(folder).isEmptyDirectory();
    return found[0];
  }

  private static byte[] noise(long seed) {
    byte[] frame = new byte[GEOMETRY.elements()];
    new Random(seed).nextBytes(frame);
    return frame;
  }

  private static byte[] kept(byte[] frame) {
    byte[] kept = new byte[SPEC.length()];
    for (int slot = 0; slot < kept.length; slot++) {
      kept[slot] = frame[SPEC.mask().channelAt(slot)];
    }
    return kept;
  }

  private static byte[] moved(byte[] frame, int by) {
    byte[] longer = new byte[frame.length + 2 * by];
    System.arraycopy(frame, 0, longer, by, frame.length);
    return longer;
  }

  private static byte[] placed(byte[] frame, Place place, int length) {
    byte[] other = new byte[length];
    for (int channel = 0; channel < frame.length; channel++) {
      other[place.of(channel)] = frame[channel];
    }
    return other;
  }

  private static int[] ints(byte[] frame) {
    int[] numbers = new int[frame.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Byte.toUnsignedInt(frame[i]);
    }
    return numbers;
  }

  private static short[] shorts(byte[] frame) {
    short[] numbers = new short[frame.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) Byte.toUnsignedInt(frame[i]);
    }
    return numbers;
  }

  private static String text(byte[] frame) {
    CharBuffer text = CharBuffer.allocate(frame.length);
    for (byte value : frame) {
      text.put((char) Byte.toUnsignedInt(value));
    }
    return text.flip().toString();
  }

  private static float[] fractions(byte[] frame, float full) {
    float[] numbers = new float[frame.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Byte.toUnsignedInt(frame[i]) / full;
    }
    return numbers;
  }

  private static int[] packed(byte[] frame, ByteOrder order) {
    int[] words = new int[frame.length / 4];
    ByteBuffer.wrap(frame).order(order).asIntBuffer().get(words);
    return words;
  }
}
