package dev.blindsight.trainer.data;

import java.util.SplittableRandom;

/** Random orders of pictures, each fixed by the seed and its purpose. */
final class PictureOrder {
  private static final long EPOCH_ORDER = -1;
  private static final long HOLD_OUT_ORDER = -2;

  private PictureOrder() {}

  /** The order in which an epoch shows pictures 0..size-1. */
  static int[] ofEpoch(long seed, int epoch, int size) {
    return shuffled(Seeds.generator(seed, EPOCH_ORDER, epoch), size);
  }

  /** The order of which the first ones are held out. */
  static int[] ofHoldOut(long seed, int size) {
    return shuffled(Seeds.generator(seed, HOLD_OUT_ORDER, 0), size);
  }

  /** Fisher and Yates's shuffle. */
  private static int[] shuffled(SplittableRandom random, int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
