package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.memory.LockedMemory;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.colour.Bt601;
import dev.blindsight.camera.sensor.colour.NearestSampling;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/**
 * Of a spec with three channels: red, green and blue. Luma passes by before chroma does, so that
 * the luma of pixels with a kept channel has to wait, then their U, in locked memory that is
 * overwritten with the frame's end. U is picked only where green or blue is kept, V only where red
 * or green is; of a pixel with no kept channel nothing is. The program writes JPEG's full range.
 */
final class ColourGather implements PlanarGather {
  private static final int CHANNELS = 3;
  private static final int GREEN_OR_BLUE = 0b110;
  private static final int RED_OR_GREEN = 0b011;

  private final int[] rows;
  private final int[] columns;

  /** Of each pixel with a kept channel, which are: bit 0 red, 1 green, 2 blue. */
  private final byte[] colours;

  /** Of each pixel with a kept channel, its number in the spec. */
  private final int[] pixels;

  private final LockedMemory memory;
  private final MemorySegment luma;
  private final MemorySegment u;
  private final MemorySegment v;

  /**
   * @param frameWidth pixels in a row of the frames, even
   * @param frameHeight rows, even
   */
  ColourGather(ReadoutSpec spec, int frameWidth, int frameHeight) {
    SensorGeometry geometry = spec.geometry();
    int count = 0;
    int last = -1;
    for (int slot = 0; slot < spec.length(); slot++) {
      int pixel = spec.mask().channelAt(slot) / CHANNELS;
      count += pixel != last ? 1 : 0;
      last = pixel;
    }
    this.pixels = new int[count];
    this.colours = new byte[count];
    this.rows = new int[count];
    this.columns = new int[count];
    int next = -1;
    last = -1;
    for (int slot = 0; slot < spec.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int pixel = channel / CHANNELS;
      if (pixel != last) {
        next++;
        last = pixel;
        pixels[next] = pixel;
        rows[next] =
            NearestSampling.position(pixel / geometry.width(), geometry.height(), frameHeight);
        columns[next] =
            NearestSampling.position(pixel % geometry.width(), geometry.width(), frameWidth);
      }
      colours[next] |= (byte) (1 << channel % CHANNELS);
    }
    this.memory = LockedMemory.allocate((long) CHANNELS * count);
    this.luma = memory.segment().asSlice(0, count);
    this.u = memory.segment().asSlice(count, count);
    this.v = memory.segment().asSlice(2L * count, count);
  }

  @Override
  public Readout take(Acquisition acquisition, PassingFrame frame) {
    try {
      for (int i = 0; i < pixels.length; i++) {
        put(luma, i, frame.luma(rows[i], columns[i]));
      }
      pickChroma(frame, 0, GREEN_OR_BLUE, u);
      pickChroma(frame, 1, RED_OR_GREEN, v);
      frame.end();
      return acquisition.take(new Colours());
    } finally {
      memory.segment().fill((byte) 0);
    }
  }

  private void pickChroma(PassingFrame frame, int plane, int needed, MemorySegment target) {
    for (int i = 0; i < pixels.length; i++) {
      if ((colours[i] & needed) != 0) {
        put(target, i, frame.chroma(plane, rows[i] / 2, columns[i] / 2));
      }
    }
  }

  private static void put(MemorySegment target, int index, int value) {
    target.set(ValueLayout.JAVA_BYTE, index, (byte) value);
  }

  private static int get(MemorySegment source, int index) {
    return Byte.toUnsignedInt(source.get(ValueLayout.JAVA_BYTE, index));
  }

  /** The kept channels in ascending order: those of one pixel, then those of the next. */
  private final class Colours implements IntUnaryOperator {
    private int at;

    @Override
    public int applyAsInt(int channel) {
      if (pixels[at] != channel / CHANNELS) {
        at++;
      }
      return Bt601.FULL.colour(channel % CHANNELS, get(luma, at), get(u, at), get(v, at));
    }
  }

  @Override
  public MemoryProtection protection() {
    return memory.protection();
  }

  @Override
  public void close() {
    memory.close();
  }
}
