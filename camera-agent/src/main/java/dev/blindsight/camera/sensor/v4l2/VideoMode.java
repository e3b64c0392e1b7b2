package dev.blindsight.camera.sensor.v4l2;

import java.util.OptionalDouble;

/**
 * What a camera has been set to.
 *
 * @param format how a frame lies in memory
 * @param width pixels in a row
 * @param height rows
 * @param stride bytes from one row to the next, at least those of a row
 * @param rate frames a second; absent when the driver does not tell
 */
record VideoMode(PixelFormat format, int width, int height, int stride, OptionalDouble rate) {
  /** The bytes up to the last pixel. */
  long frameBytes() {
    return (long) stride * (height - 1) + (long) width * format.bytesPerPixel();
  }

  @Override
  public String toString() {
    return "%dx%d %s%s"
        .formatted(
            width,
            height,
            format,
            rate.isPresent() ? " at %.3g frames a second".formatted(rate.getAsDouble()) : "");
  }
}
