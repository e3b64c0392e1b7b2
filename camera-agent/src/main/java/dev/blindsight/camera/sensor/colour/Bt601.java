package dev.blindsight.camera.sensor.colour;

/**
 * One colour of a pixel from its luma and chroma (ITU-R BT.601-7, sections 2.5.1 and 2.5.3), in
 * whole numbers: factors times 256, rounded. Of R, G and B only the one that is asked for is
 * computed.
 */
public enum Bt601 {
  /** Luma from 16 to 235, chroma from 16 to 240: what USB cameras and video use. */
  LIMITED(16, 298, 409, 100, 208, 516),
  /** Luma and chroma from 0 to 255: what JPEG uses (JFIF 1.02). */
  FULL(0, 256, 359, 88, 183, 454);

  private final int black;
  private final int luma;
  private final int redOfV;
  private final int greenOfU;
  private final int greenOfV;
  private final int blueOfU;

  Bt601(int black, int luma, int redOfV, int greenOfU, int greenOfV, int blueOfU) {
    this.black = black;
    this.luma = luma;
    this.redOfV = redOfV;
    this.greenOfU = greenOfU;
    this.greenOfV = greenOfV;
    this.blueOfU = blueOfU;
  }

  /**
   * One colour of a pixel.
   *
   * @param colour 0 red, 1 green, 2 blue
   * @param y luma, 0..255
   * @param u blue difference, 0..255; not used for red
   * @param v red difference, 0..255; not used for blue
   * @return 0..255
   */
  public int colour(int colour, int y, int u, int v) {
    int scaled = luma * (y - black);
    int difference =
        switch (colour) {
          case 0 -> redOfV * (v - 128);
          case 1 -> -greenOfU * (u - 128) - greenOfV * (v - 128);
          case 2 -> blueOfU * (u - 128);
          default -> throw new IllegalArgumentException("colour is " + colour);
        };
    return Math.clamp((scaled + difference + 128) >> 8, 0, 255);
  }
}
