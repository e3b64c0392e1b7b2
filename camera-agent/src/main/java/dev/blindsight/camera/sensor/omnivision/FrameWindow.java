package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.protocol.readout.SensorGeometry;

/**
 * Which pixels of a frame are the exposure's: every {@code step}th in both directions, from the
 * middle of the frame. The others are never read, so picking costs nothing and needs no frame.
 *
 * @param size the frame
 * @param step at least 1
 * @param left the frame's column of the exposure's column 0
 * @param top the frame's row of the exposure's row 0
 */
public record FrameWindow(FrameSize size, int step, int left, int top) {

  /** The widest view of a frame that has a geometry's pixels. */
  public static FrameWindow of(FrameSize size, SensorGeometry geometry) {
    int step = Math.min(size.width() / geometry.width(), size.height() / geometry.height());
    return new FrameWindow(
        size,
        step,
        (size.width() - ((geometry.width() - 1) * step + 1)) / 2,
        (size.height() - ((geometry.height() - 1) * step + 1)) / 2);
  }

  /**
   * Where a pixel is in the frame.
   *
   * @param row of the exposure
   * @param column of the exposure
   * @return 0..width*height-1
   */
  public int pixel(int row, int column) {
    return (top + row * step) * size.width() + left + column * step;
  }
}
