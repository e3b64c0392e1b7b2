package dev.blindsight.camera.sensor.mlx90640;

import dev.blindsight.camera.sensor.board.I2cDevice;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Reads the words of kept pixels. Neighbours that are both kept come in one transfer: it saves 36
 * of 54 clock pulses for each word after the first, and what lies between them is nothing. Words
 * that are not kept are never bridged.
 *
 * <p>One transfer holds at most a row, and is overwritten when its last word has been taken.
 */
final class KeptWords {
  private static final int PIXELS = 0x0400;
  private static final int LONGEST = 32;

  /** First channel of each run, and how many it has. */
  private final TreeMap<Integer, Integer> runs = new TreeMap<>();

  private final IntConsumer wordsRead;
  private final byte[] bytes = new byte[LONGEST * Short.BYTES];
  private int first;
  private int length;

  /**
   * @param channels ascending
   * @param wordsRead told how many words a transfer brought
   */
  KeptWords(int[] channels, IntConsumer wordsRead) {
    this.wordsRead = wordsRead;
    int start = 0;
    for (int i = 1; i <= channels.length; i++) {
      if (i == channels.length || channels[i] != channels[i - 1] + 1 || i - start == LONGEST) {
        runs.put(channels[start], i - start);
        start = i;
      }
    }
  }

  /**
   * The word of a kept channel, with sign.
   *
   * @throws dev.blindsight.camera.sensor.SensorException when the chip does not answer
   */
  int word(I2cDevice chip, int channel) {
    if (channel < first || channel >= first + length) {
      load(chip, channel);
    }
    int offset = Short.BYTES * (channel - first);
    int word = bytes[offset] << Byte.SIZE | Byte.toUnsignedInt(bytes[offset + 1]);
    if (channel == first + length - 1) {
      forget();
    }
    return word;
  }

  private void load(I2cDevice chip, int channel) {
    forget();
    Map.Entry<Integer, Integer> run = runs.floorEntry(channel);
    if (run == null || channel >= run.getKey() + run.getValue()) {
      throw new IllegalArgumentException("channel %d is not kept".formatted(channel));
    }
    chip.read(PIXELS + run.getKey(), bytes, Short.BYTES * run.getValue());
    first = run.getKey();
    length = run.getValue();
    wordsRead.accept(length);
  }

  /** Overwrites what was read last. */
  void forget() {
    Arrays.fill(bytes, (byte) 0);
    length = 0;
  }
}
