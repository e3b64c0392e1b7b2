package dev.blindsight.camera.sensor.colour;

/**
 * Which pixel of a line of one length stands for a pixel of a line of another: the one under its
 * centre. Lines of the same length are the same. Nothing else of the longer line is looked at, so
 * that pixels in between are never read.
 */
public final class NearestSampling {
  private NearestSampling() {}

  /**
   * The pixel that is read.
   *
   * @param position of the pixel wanted, 0..wanted-1
   * @param wanted pixels of the line wanted, 1..65535
   * @param available pixels of the line there is, 1..65535
   * @return 0..available-1, never less than for a lower position
   */
  public static int position(int position, int wanted, int available) {
    return (int) ((2L * position + 1) * available / (2L * wanted));
  }
}
