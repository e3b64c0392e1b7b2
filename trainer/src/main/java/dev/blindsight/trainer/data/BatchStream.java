package dev.blindsight.trainer.data;

import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The batches of a training in their order, made ahead by a thread of its own so that a step never
 * waits for them. The last pictures of an epoch that do not fill a batch are left out; every epoch
 * has another order, so others each time.
 */
public final class BatchStream implements AutoCloseable {
  private static final int MADE_AHEAD = 8;

  private final BlockingQueue<Made> made = new ArrayBlockingQueue<>(MADE_AHEAD);
  private final ReadoutAugmenter augmenter;
  private final int batchSize;
  private final int batchesPerEpoch;
  private final Thread maker;
  private long waitedNanos;

  private sealed interface Made {
    record Filled(Batch batch) implements Made {}

    record Failed(RuntimeException cause) implements Made {}

    record Finished() implements Made {}
  }

  /**
   * Starts making batches.
   *
   * @param batchSize pictures in a batch, at least 1; an epoch with fewer is one smaller batch
   * @param firstEpoch the first epoch, from 0
   * @param epochs the number after the last epoch
   */
  public BatchStream(ReadoutAugmenter augmenter, int batchSize, int firstEpoch, int epochs) {
    this.augmenter = augmenter;
    this.batchSize = Math.min(batchSize, augmenter.size());
    this.batchesPerEpoch = batchesPerEpoch(augmenter.size(), batchSize);
    this.maker = Thread.ofPlatform().daemon().name("batches").start(() -> make(firstEpoch, epochs));
  }

  /** Steps in one epoch: whole batches, at least one. */
  public static int batchesPerEpoch(int pictures, int batchSize) {
    return Math.max(1, pictures / batchSize);
  }

  /**
   * The next batch.
   *
   * @throws NoSuchElementException after the last
   * @throws InterruptedException when interrupted while waiting
   */
  public Batch next() throws InterruptedException {
    long start = System.nanoTime();
    Made next = made.take();
    waitedNanos += System.nanoTime() - start;
    return switch (next) {
      case Made.Filled(Batch batch) -> batch;
      case Made.Failed(RuntimeException cause) ->
          throw new IllegalStateException("making training samples failed", cause);
      case Made.Finished _ -> throw new NoSuchElementException("no batch is left");
    };
  }

  /** How long all calls of {@link #next} together have waited, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }

  private void make(int firstEpoch, int epochs) {
    try {
      try {
        for (int epoch = firstEpoch; epoch < epochs; epoch++) {
          int[] order = augmenter.order(epoch);
          for (int batch = 0; batch < batchesPerEpoch; batch++) {
            made.put(new Made.Filled(batch(epoch, order, batch * batchSize)));
          }
        }
        made.put(new Made.Finished());
      } catch (RuntimeException e) {
        made.put(new Made.Failed(e));
      }
    } catch (InterruptedException e) {
      // Closed before the end: nobody wants the rest.
      Thread.currentThread().interrupt();
    }
  }

  private Batch batch(int epoch, int[] order, int first) {
    int[] tokens = new int[batchSize * augmenter.length()];
    float[] targets = new float[batchSize * augmenter.classes()];
    for (int row = 0; row < batchSize; row++) {
      augmenter.sample(epoch, order[first + row], tokens, targets, row);
    }
    return new Batch(epoch, batchSize, tokens, targets);
  }

  @Override
  public void close() {
    maker.interrupt();
    try {
      maker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
