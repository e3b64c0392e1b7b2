package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pictures of a file read as a whole. */
final class PicturesInMemory implements Pictures {
  /** The most that is read of one file, in bytes. */
  static final int MOST_BYTES = 512 << 20;

  private final SensorGeometry geometry;
  private final byte[] values;
  private final byte @Nullable [] labels;
  private final int size;

  /**
   * @param values one picture after the other, each in HWC order
   * @param labels one number 0..255 for each picture, when known
   */
  PicturesInMemory(SensorGeometry geometry, byte[] values, byte @Nullable [] labels) {
    this.geometry = geometry;
    this.values = values;
    this.labels = labels;
    this.size = values.length / geometry.elements();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Exposure exposure(int index) {
    return new Exposure(geometry, values, index * geometry.elements());
  }

  @Override
  public Optional<TrueLabel> label(int index) {
    return labels == null
        ? Optional.empty()
        : Optional.of(new TrueLabel.Numbered(Byte.toUnsignedInt(labels[index])));
  }
}
