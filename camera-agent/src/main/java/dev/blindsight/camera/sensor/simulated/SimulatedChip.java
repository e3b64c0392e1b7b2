package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A sensor chip whose pixels are addressed one channel at a time, as the words of an MLX90640 are
 * over I²C. It holds the exposure and counts how often each channel was addressed, so that a
 * driver's promise to read nothing else can be checked from the chip's side.
 */
final class SimulatedChip {
  private final SensorGeometry geometry;
  private final AtomicLongArray addressed;
  private @Nullable Exposure exposure;

  SimulatedChip(SensorGeometry geometry) {
    this.geometry = geometry;
    this.addressed = new AtomicLongArray(geometry.elements());
  }

  SensorGeometry geometry() {
    return geometry;
  }

  /** Lets light fall on the chip; it stays until the next exposure. */
  void expose(Exposure next) {
    if (!next.geometry().equals(geometry)) {
      throw new IllegalArgumentException(
          "the exposure is %s, the chip %s".formatted(next.geometry(), geometry));
    }
    exposure = next;
  }

  /** Forgets the exposure. */
  void reset() {
    exposure = null;
  }

  /**
   * Addresses one channel.
   *
   * @param channel 0..elements-1
   * @return its value, 0..255
   * @throws IllegalStateException before the first exposure
   */
  int read(int channel) {
    if (exposure == null) {
      throw new IllegalStateException("nothing has been exposed");
    }
    addressed.incrementAndGet(channel);
    return exposure.valueAt(channel);
  }

  /** How often a channel has been addressed. */
  long timesAddressed(int channel) {
    return addressed.get(channel);
  }
}
