package dev.blindsight.camera.sensor.mlx90640;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The calibration memory of an MLX90640 (data sheet 3901090640, section "EEPROM"): 832 words of 16
 * bits at 0x2400, written by the manufacturer. It has no checksum; {@link #defect} finds what can
 * be found without one.
 */
final class Eeprom {
  static final int FIRST = 0x2400;
  static final int WORDS = 832;

  private static final int DEVICE_ID = 0x2407;
  private static final int DEVICE_ID_WORDS = 3;
  private static final int DEVICE_OPTIONS = 0x240A;
  private static final int OTHER_TYPE = 0x0040;
  private static final int PIXELS = 0x2440;
  private static final int OUTLIER = 0x0001;

  /** As many as the manufacturer delivers, broken and outside the calibration together. */
  private static final int MOST_DEVIATING_PIXELS = 4;

  private final char[] words;

  /**
   * @param words all 832; not copied
   */
  Eeprom(char[] words) {
    if (words.length != WORDS) {
      throw new IllegalArgumentException("%d words".formatted(words.length));
    }
    this.words = words;
  }

  /** A whole word without sign. */
  int word(int address) {
    return words[address - FIRST];
  }

  /** A whole word in two's complement. */
  int signedWord(int address) {
    return (short) word(address);
  }

  /** Some bits of a word without sign, {@code shift} bits from the lowest. */
  int bits(int address, int shift, int count) {
    return word(address) >> shift & ((1 << count) - 1);
  }

  /** Some bits of a word in two's complement. */
  int signedBits(int address, int shift, int count) {
    int unused = Integer.SIZE - count;
    return bits(address, shift, count) << unused >> unused;
  }

  /** Where a pixel's calibration is. */
  static int pixelAddress(int channel) {
    return PIXELS + channel;
  }

  /** Whether a pixel has failed at the manufacturer's, who then clears its word. */
  boolean isBroken(int channel) {
    return word(pixelAddress(channel)) == 0;
  }

  private boolean isDeviating(int channel) {
    return isBroken(channel) || (word(pixelAddress(channel)) & OUTLIER) != 0;
  }

  /** The device's number, 12 hexadecimal digits. */
  String deviceId() {
    return "%04x%04x%04x".formatted(word(DEVICE_ID), word(DEVICE_ID + 1), word(DEVICE_ID + 2));
  }

  /** What shows that this is no calibration of an MLX90640; empty when nothing does. */
  Optional<String> defect() {
    if (IntStream.range(1, WORDS).allMatch(i -> words[i] == words[0])) {
      return Optional.of("every word of its EEPROM is 0x%04x".formatted((int) words[0]));
    }
    if ((word(DEVICE_OPTIONS) & OTHER_TYPE) != 0) {
      return Optional.of("its EEPROM says it is an MLX90641");
    }
    char[] id = Arrays.copyOfRange(words, DEVICE_ID - FIRST, DEVICE_ID - FIRST + DEVICE_ID_WORDS);
    if (Arrays.equals(id, new char[] {0, 0, 0})
        || Arrays.equals(id, new char[] {0xFFFF, 0xFFFF, 0xFFFF})) {
      return Optional.of("its EEPROM has no device id");
    }
    long deviating =
        IntStream.range(0, Mlx90640Sensor.GEOMETRY.elements()).filter(this::isDeviating).count();
    if (deviating > MOST_DEVIATING_PIXELS) {
      return Optional.of(
          "its EEPROM marks %d pixels as failed or out of calibration, more than the %d there can be"
              .formatted(deviating, MOST_DEVIATING_PIXELS));
    }
    return Optional.empty();
  }
}
