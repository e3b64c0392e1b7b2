package dev.blindsight.camera.sensor.v4l2;

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
 * Where in a camera's buffer the kept channels lie, worked out once for a mode. Only the bytes that
 * make up a kept channel are read: one for luma, up to three for a colour.
 */
final class GatherPlan {
  private static final int BYTES_OF_TWO_PIXELS = 4;
  private static final int U = 1;
  private static final int Y_OF_SECOND = 2;
  private static final int V = 3;
  private static final int COLOUR_BITS = 3;

  private final boolean colours;

  /** Of luma: the byte itself. Of a colour: the first of the four bytes of two pixels. */
  private final int[] offsets;

  /** Of a colour: which (bits 0 and 1), and whether of the second pixel (bit 2). */
  private final byte[] parts;

  GatherPlan(ReadoutSpec spec, VideoMode mode) {
    SensorGeometry geometry = spec.geometry();
    this.colours = geometry.channels() == 3;
    this.offsets = new int[spec.length()];
    this.parts = new byte[colours ? spec.length() : 0];
    for (int slot = 0; slot < offsets.length; slot++) {
      int channel = spec.mask().channelAt(slot);
      int pixel = channel / geometry.channels();
      int line =
          mode.stride()
              * NearestSampling.position(
                  pixel / geometry.width(), geometry.height(), mode.height());
      int column =
          NearestSampling.position(pixel % geometry.width(), geometry.width(), mode.width());
      if (colours) {
        offsets[slot] = line + column / 2 * BYTES_OF_TWO_PIXELS;
        parts[slot] = (byte) (channel % geometry.channels() | (column & 1) << 2);
      } else {
        offsets[slot] = line + column * mode.format().bytesPerPixel();
      }
    }
  }

  /** Makes the readout of a frame. */
  Readout take(Acquisition acquisition, MemorySegment frame) {
    return colours ? acquisition.take(new Colours(frame)) : acquisition.take(frame, offsets);
  }

  /** A frame's kept channels, one call after the other, in mask order. */
  private final class Colours implements IntUnaryOperator {
    private final MemorySegment frame;
    private int slot;

    Colours(MemorySegment frame) {
      this.frame = frame;
    }

    @Override
    public int applyAsInt(int channel) {
      return colour(frame, slot++);
    }
  }

  private int colour(MemorySegment frame, int slot) {
    int offset = offsets[slot];
    int part = parts[slot];
    int colour = part & COLOUR_BITS;
    int y = value(frame, (part & 4) == 0 ? offset : offset + Y_OF_SECOND);
    int u = colour == 0 ? 0 : value(frame, offset + U);
    int v = colour == 2 ? 0 : value(frame, offset + V);
    return Bt601.LIMITED.colour(colour, y, u, v);
  }

  private static int value(MemorySegment frame, long offset) {
    return Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, offset));
  }
}
