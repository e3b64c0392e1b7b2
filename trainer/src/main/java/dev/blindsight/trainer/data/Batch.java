package dev.blindsight.trainer.data;

/** The samples of one step. The arrays belong to whoever holds the batch. */
public final class Batch {
  private final int epoch;
  private final int size;
  private final int[] tokens;
  private final float[] targets;

  Batch(int epoch, int size, int[] tokens, float[] targets) {
    this.epoch = epoch;
    this.size = size;
    this.tokens = tokens;
    this.targets = targets;
  }

  /** The epoch it belongs to, from 0. */
  public int epoch() {
    return epoch;
  }

  /** Number of samples. */
  public int size() {
    return size;
  }

  /** Size × length values, 0..255, not permuted. */
  public int[] tokens() {
    return tokens;
  }

  /** Size × classes probabilities. */
  public float[] targets() {
    return targets;
  }
}
