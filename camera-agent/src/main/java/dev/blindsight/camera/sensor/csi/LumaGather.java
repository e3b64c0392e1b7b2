package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.colour.NearestSampling;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.function.IntUnaryOperator;

/** Of a spec with one channel: luma, which goes from the line that passes into the readout. */
final class LumaGather implements PlanarGather {
  private final SensorGeometry geometry;
  private final int kept;
  private final int frameWidth;
  private final int frameHeight;

  /**
   * @param frameWidth pixels in a row of the frames
   * @param frameHeight rows
   */
  LumaGather(ReadoutSpec spec, int frameWidth, int frameHeight) {
    this.geometry = spec.geometry();
    this.kept = spec.length();
    this.frameWidth = frameWidth;
    this.frameHeight = frameHeight;
  }

  @Override
  public Readout take(Acquisition acquisition, PassingFrame frame) {
    return acquisition.take(
        new IntUnaryOperator() {
          private int left = kept;

          @Override
          public int applyAsInt(int channel) {
            int row =
                NearestSampling.position(
                    channel / geometry.width(), geometry.height(), frameHeight);
            int column =
                NearestSampling.position(channel % geometry.width(), geometry.width(), frameWidth);
            int value = frame.luma(row, column);
            if (--left == 0) {
              frame.end();
            }
            return value;
          }
        });
  }

  @Override
  public MemoryProtection protection() {
    return MemoryProtection.FULL;
  }

  @Override
  public void close() {
    // Nothing is held between frames.
  }
}
