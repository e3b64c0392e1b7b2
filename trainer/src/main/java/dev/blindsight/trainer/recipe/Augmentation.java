package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;

/**
 * How pictures are varied in training, before masking. Every variation is drawn afresh for each
 * picture and epoch; 0 or false turns one off. Values are bytes, 0..255.
 *
 * @param shift largest shift along each axis in pixels, 0..64
 * @param subPixel whether shifts take any value in between; otherwise whole pixels
 * @param flip whether half of the pictures are mirrored left to right
 * @param zoom largest relative change of size, drawn for each axis on its own, 0 to 0.9
 * @param rotation largest turn in degrees, 0..180
 * @param brightness largest relative change of all values, 0..1
 * @param contrast largest relative change of the values' distance from mid-grey (127.5), 0..1
 * @param noise standard deviation of Gaussian noise on each kept value, before φ, 0..128
 * @param cutout side in pixels of a square set to 0 at a random place, 0..65535
 * @param mixup α of the Beta(α, α) distribution by which pairs of pictures and their labels are
 *     mixed (Zhang et al., "mixup", 2018), 0..4
 * @param border what lies outside the picture
 */
public record Augmentation(
    double shift,
    boolean subPixel,
    boolean flip,
    double zoom,
    double rotation,
    double brightness,
    double contrast,
    double noise,
    int cutout,
    double mixup,
    Border border) {

  /** What is sampled outside the picture. */
  public enum Border {
    /** Zeros. */
    ZERO,
    /** The nearest pixel of the edge. */
    EDGE
  }

  /** No variation at all. */
  public static final Augmentation NONE =
      new Augmentation(0, false, false, 0, 0, 0, 0, 0, 0, 0, Border.ZERO);

  /**
   * @throws UserError when a field is out of range
   */
  public Augmentation {
    Limits.number("shift", shift, 0, 64);
    Limits.number("zoom", zoom, 0, 0.9);
    Limits.number("rotation", rotation, 0, 180);
    Limits.number("brightness", brightness, 0, 1);
    Limits.number("contrast", contrast, 0, 1);
    Limits.number("noise", noise, 0, 128);
    Limits.whole("cutout", cutout, 0, 65_535);
    Limits.number("mixup", mixup, 0, 4);
    if (!subPixel && shift != Math.rint(shift)) {
      throw new UserError(
          "shift is %s: give whole pixels, or set sub_pixel to true".formatted(shift));
    }
  }
}
