package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;

/** How a pixel lies in its two bytes. */
public enum PixelFormat {
  /** Y U Y V: the first byte is the brightness, the second is of no use. */
  YUV(1),
  /** R and the upper half of G in the first byte, the lower half of G and B in the second. */
  RGB565(3);

  private final int channels;

  PixelFormat(int channels) {
    this.channels = channels;
  }

  /**
   * The format that gives a geometry's channels.
   *
   * @param sensor the sensor's name, for the message
   * @throws UserError one line, when there is none
   */
  public static PixelFormat of(SensorGeometry geometry, String sensor) {
    for (PixelFormat format : values()) {
      if (format.channels == geometry.channels()) {
        return format;
      }
    }
    throw new UserError(
        "the spec has %d channels a pixel, the %s gives 1 (brightness) or 3 (red, green, blue): give a spec with one of these"
            .formatted(geometry.channels(), sensor));
  }
}
