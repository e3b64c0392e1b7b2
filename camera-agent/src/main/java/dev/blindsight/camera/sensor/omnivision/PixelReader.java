package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.BitSet;

/**
 * Reads channels of one exposure, in ascending order, from a FIFO that gives bytes in ascending
 * order. Each byte that has a kept channel in it is read once, no other is; the two bytes of the
 * pixel being read are all that is held. With {@code RGB565} green lies in both bytes: who keeps
 * only red of a pixel also reads the upper three bits of its green, who keeps only blue the lower
 * three; they are dropped at once. For one thread at a time.
 */
public final class PixelReader {
  private static final int NONE = -1;

  private final ByteReader bytes;
  private final PixelFormat format;
  private final FrameWindow window;
  private final SensorGeometry geometry;
  private int firstIndex = NONE;
  private int first;
  private int secondIndex = NONE;
  private int second;

  /** Bytes of a frame, one after the other. */
  @FunctionalInterface
  public interface ByteReader {
    /**
     * Reads a byte.
     *
     * @param index counted from the frame's first byte; greater than in the call before
     * @return 0..255
     */
    int read(int index);
  }

  /**
   * @param geometry the exposure's, with as many channels as the format has
   */
  public PixelReader(
      ByteReader bytes, PixelFormat format, FrameWindow window, SensorGeometry geometry) {
    this.bytes = bytes;
    this.format = format;
    this.window = window;
    this.geometry = geometry;
  }

  /** The bytes of a frame that a spec reads. */
  public static BitSet bytesOf(ReadoutSpec spec, PixelFormat format, FrameWindow window) {
    BitSet read = new BitSet();
    PixelReader reader =
        new PixelReader(
            index -> {
              read.set(index);
              return 0;
            },
            format,
            window,
            spec.geometry());
    for (int slot = 0; slot < spec.length(); slot++) {
      int _ = reader.read(spec.mask().channelAt(slot));
    }
    return read;
  }

  /**
   * A channel's value.
   *
   * @param channel its index in the exposure; greater than in the call before
   * @return 0..255
   */
  public int read(int channel) {
    int place = channel / geometry.channels();
    int colour = channel % geometry.channels();
    int index =
        window.pixel(place / geometry.width(), place % geometry.width())
            * FrameSize.BYTES_PER_PIXEL;
    return switch (format) {
      case YUV -> first(index);
      case RGB565 ->
          switch (colour) {
            case 0 -> five(first(index) >> 3);
            case 1 -> six((first(index) & 0x07) << 3 | second(index + 1) >> 5);
            default -> five(second(index + 1) & 0x1F);
          };
    };
  }

  /** Forgets the last pixel's bytes. */
  public void forget() {
    firstIndex = NONE;
    first = 0;
    secondIndex = NONE;
    second = 0;
  }

  private int first(int index) {
    if (firstIndex != index) {
      first = bytes.read(index);
      firstIndex = index;
    }
    return first;
  }

  private int second(int index) {
    if (secondIndex != index) {
      second = bytes.read(index);
      secondIndex = index;
    }
    return second;
  }

  /** Five bits as eight: 0 stays 0, 31 becomes 255. */
  private static int five(int value) {
    return value << 3 | value >> 2;
  }

  /** Six bits as eight: 0 stays 0, 63 becomes 255. */
  private static int six(int value) {
    return value << 2 | value >> 4;
  }
}
