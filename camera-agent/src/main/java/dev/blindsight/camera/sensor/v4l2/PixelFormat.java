package dev.blindsight.camera.sensor.v4l2;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** How a frame lies in memory, of those this driver reads (V4L2 API, image formats). */
enum PixelFormat {
  /** One byte a pixel: its luma. */
  GREY("GREY", 1),
  /** Two pixels in four bytes: Y of the first, U of both, Y of the second, V of both. */
  YUYV("YUYV", 2);

  private final int code;
  private final int bytesPerPixel;

  PixelFormat(String code, int bytesPerPixel) {
    this.code = code(code);
    this.bytesPerPixel = bytesPerPixel;
  }

  private static int code(String text) {
    byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
    return letters[0] | letters[1] << 8 | letters[2] << 16 | letters[3] << 24;
  }

  /** The header's number for it: four letters, the first in the lowest byte. */
  int code() {
    return code;
  }

  int bytesPerPixel() {
    return bytesPerPixel;
  }

  /** The format with a number of the header, when this driver reads it. */
  static Optional<PixelFormat> of(int code) {
    return Stream.of(values()).filter(format -> format.code == code).findFirst();
  }

  /** The four letters of any format's number, for people. */
  static String letters(int code) {
    StringBuilder text = new StringBuilder();
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int letter = code >> shift & 0x7F;
      text.append(letter >= ' ' && letter < 127 ? (char) letter : '?');
    }
    return text.toString().strip();
  }
}
