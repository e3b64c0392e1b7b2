package dev.blindsight.camera.sensor.mlx90640;

import java.util.Random;

/**
 * A calibration as the manufacturer might have written it: what all pixels share is that of the
 * data sheet's worked example (3901090640, section "Calculating Object Temperature"), what single
 * rows, columns and pixels have of their own is drawn at random, within a spread that leaves every
 * pixel about 8 to 14 counts for each kelvin at room temperature.
 */
final class SyntheticEeprom {
  private static final int FIRST = 0x2400;

  private final char[] words = new char[832];

  SyntheticEeprom(long seed) {
    Random random = new Random(seed);
    put(0x2407, 0x1A2B);
    put(0x2408, 0x3C4D);
    put(0x2409, 0x5E6F);
    put(0x240A, 0x0000);
    put(0x2410, 0x4210);
    put(0x2411, 0xFFBB);
    put(0x2420, 0x79A6);
    put(0x2421, 0x2F44);
    put(0x2430, 0x18EF);
    put(0x2431, 0x2FF1);
    put(0x2432, 0x5952);
    put(0x2433, 0x9D68);
    put(0x2434, 0x5454);
    put(0x2435, 0x0994);
    put(0x2436, 0x6956);
    put(0x2437, 0x5354);
    put(0x2438, 0x2363);
    put(0x2439, 0xE446);
    put(0x243A, 0xFBB5);
    put(0x243B, 0x044B);
    put(0x243C, 0xF020);
    put(0x243D, 0x9797);
    put(0x243E, 0x9797);
    put(0x243F, 0x2889);
    for (int address = 0x2412; address < 0x2420; address++) {
      put(address, random.nextInt(0x10000));
    }
    for (int address = 0x2422; address < 0x2430; address++) {
      int word = 0;
      for (int nibble = 0; nibble < 4; nibble++) {
        word = word << 4 | (random.nextInt(-1, 2) & 0xF);
      }
      put(address, word);
    }
    for (int address = 0x2440; address < 0x2740; address++) {
      int offset = random.nextInt(64);
      int sensitivity = random.nextInt(-8, 8) & 0x3F;
      int slope = random.nextInt(8);
      int word = offset << 10 | sensitivity << 4 | slope << 1;
      put(address, word == 0 ? 0x0400 : word);
    }
  }

  int word(int address) {
    return words[address - FIRST];
  }

  void put(int address, int word) {
    words[address - FIRST] = (char) word;
  }

  char[] words() {
    return words.clone();
  }

  /** Bits {@code low} to {@code high} of a word, both included, in two's complement. */
  int field(int address, int high, int low) {
    int count = high - low + 1;
    int value = word(address) >> low & ((1 << count) - 1);
    return value >= 1 << (count - 1) ? value - (1 << count) : value;
  }
}
