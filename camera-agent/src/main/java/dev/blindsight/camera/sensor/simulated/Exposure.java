package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.protocol.readout.SensorGeometry;

/**
 * The light on the chip: every channel of one picture. It stands for the world in front of the
 * sensor and never leaves this package; what a driver gets of it, it gets one addressed channel at
 * a time from the {@link SimulatedChip}.
 */
final class Exposure {
  private final SensorGeometry geometry;
  private final byte[] values;
  private final int offset;

  /**
   * @param values holds at least {@code geometry.elements()} values in HWC order from {@code
   *     offset} on; not copied
   */
  Exposure(SensorGeometry geometry, byte[] values, int offset) {
    if (offset < 0 || values.length - offset < geometry.elements()) {
      throw new IllegalArgumentException("%d values from %d on".formatted(values.length, offset));
    }
    this.geometry = geometry;
    this.values = values;
    this.offset = offset;
  }

  SensorGeometry geometry() {
    return geometry;
  }

  /** The value of a channel, 0..255. */
  int valueAt(int channel) {
    return Byte.toUnsignedInt(values[offset + channel]);
  }
}
