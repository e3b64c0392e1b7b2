package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;

/**
 * The size of one exposure. Channels are counted in HWC order: the channel index of colour {@code
 * c} at row {@code y}, column {@code x} is {@code (y * width + x) * channels + c}.
 *
 * @param width pixels in a row, 1..65535
 * @param height rows, 1..65535
 * @param channels 8-bit values of one pixel, 1..4 (1 grey or thermal, 3 RGB)
 */
public record SensorGeometry(int width, int height, int channels) {
  /** The most channel values one exposure may have: 2^28. */
  public static final int MAXIMUM_ELEMENTS = 1 << 28;

  private static final int MAXIMUM_SIDE = 65_535;
  private static final int MAXIMUM_CHANNELS = 4;

  /**
   * @throws UserError when a side or the product is out of range
   */
  public SensorGeometry {
    requireRange("width", width, MAXIMUM_SIDE);
    requireRange("height", height, MAXIMUM_SIDE);
    requireRange("channels", channels, MAXIMUM_CHANNELS);
    long elements = (long) width * height * channels;
    if (elements > MAXIMUM_ELEMENTS) {
      throw new UserError(
          "geometry %dx%dx%d has %d channel values: give at most %d"
              .formatted(width, height, channels, elements, MAXIMUM_ELEMENTS));
    }
  }

  /** The number of channel values of one exposure: width * height * channels. */
  public int elements() {
    return width * height * channels;
  }

  private static void requireRange(String name, int value, int maximum) {
    if (value < 1 || value > maximum) {
      throw new UserError(
          "%s is %d: give a whole number from 1 to %d".formatted(name, value, maximum));
    }
  }
}
