package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Locale;

/** The frames a sensor is set to: two bytes a pixel that fit an AL422B FIFO. */
public enum FrameSize {
  /** 160x120. */
  QQVGA(160, 120),
  /** 320x240. */
  QVGA(320, 240);

  /** In each format that is used here. */
  public static final int BYTES_PER_PIXEL = 2;

  /** Bytes of an AL422B. */
  public static final int FIFO_CAPACITY = 393_216;

  private final int width;
  private final int height;

  FrameSize(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** Pixels of a line. */
  public int width() {
    return width;
  }

  /** Lines. */
  public int height() {
    return height;
  }

  /** Bytes of a line. */
  public int lineBytes() {
    return width * BYTES_PER_PIXEL;
  }

  /** Bytes of a frame. */
  public int bytes() {
    return height * lineBytes();
  }

  /**
   * The smallest frame that a geometry can be picked from.
   *
   * @param sensor the sensor's name, for the message
   * @throws UserError one line that names both, when there is none
   */
  public static FrameSize holding(SensorGeometry geometry, String sensor) {
    for (FrameSize size : values()) {
      if (geometry.width() <= size.width && geometry.height() <= size.height) {
        return size;
      }
    }
    long bytes = (long) geometry.width() * geometry.height() * BYTES_PER_PIXEL;
    throw new UserError(
        "the spec's geometry is %dx%d, the %s is read at %s at most (the spec's would take %d bytes, its FIFO holds %d): give a spec of at most %dx%d"
            .formatted(
                geometry.width(),
                geometry.height(),
                sensor,
                QVGA,
                bytes,
                FIFO_CAPACITY,
                QVGA.width,
                QVGA.height));
  }

  /** As a source names it. */
  String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "%s (%dx%d)".formatted(option(), width, height);
  }
}
