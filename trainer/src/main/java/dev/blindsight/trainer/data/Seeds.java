package dev.blindsight.trainer.data;

import java.util.SplittableRandom;

/** Random generators for numbered occasions, each independent of when and by whom it is used. */
final class Seeds {
  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private Seeds() {}

  /** The generator of one occasion; another number in any place gives an unrelated one. */
  static SplittableRandom generator(long seed, long first, long second) {
    return new SplittableRandom(mixed(mixed(mixed(seed) + first) + second));
  }

  /** The finaliser of SplitMix64 (Steele et al., 2014). */
  private static long mixed(long value) {
    long z = value + GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
