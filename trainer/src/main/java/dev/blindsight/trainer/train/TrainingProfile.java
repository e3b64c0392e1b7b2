package dev.blindsight.trainer.train;

import dev.blindsight.trainer.byteformer.ByteFormerNetwork;
import dev.blindsight.trainer.byteformer.StepOptions;
import dev.blindsight.trainer.data.Batch;
import dev.blindsight.trainer.data.BatchStream;
import dev.blindsight.trainer.data.ReadoutAugmenter;

/**
 * How fast a training goes, measured in one process: the input pipeline is no bottleneck while it
 * makes more samples than the step takes.
 *
 * @param batchSize pictures in a step
 * @param madePerSecond samples made while nobody learns
 * @param learnedPerSecond samples learned from, of a batch that is there already
 * @param trainedPerSecond samples made and learned from, as in training
 * @param waitedShare share of that time which the step spent waiting for samples, 0..1
 */
public record TrainingProfile(
    int batchSize,
    double madePerSecond,
    double learnedPerSecond,
    double trainedPerSecond,
    double waitedShare) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int WARM_UP_STEPS = 3;

  static TrainingProfile measure(
      ReadoutAugmenter augmenter,
      int batchSize,
      ByteFormerNetwork network,
      StepOptions step,
      double seconds)
      throws InterruptedException {
    double made;
    try (BatchStream batches = stream(augmenter, batchSize)) {
      batches.next();
      made = perSecond(seconds, () -> batches.next().size());
    }
    try (BatchStream batches = stream(augmenter, batchSize)) {
      Batch one = batches.next();
      for (int i = 0; i < WARM_UP_STEPS; i++) {
        learn(network, one, step);
      }
      // The pipeline fills its queue and then rests, so it does not disturb this measurement.
      double learned = perSecond(seconds, () -> learn(network, one, step));
      long waitedBefore = batches.waitedNanos();
      long start = System.nanoTime();
      double trained = perSecond(seconds, () -> learn(network, batches.next(), step));
      double waited = (double) (batches.waitedNanos() - waitedBefore) / (System.nanoTime() - start);
      return new TrainingProfile(one.size(), made, learned, trained, waited);
    }
  }

  /** A line for people. */
  public String toText() {
    return "samples made %.0f/s, learned %.0f/s, both together %.0f/s; steps waited %.1f %% of the time"
        .formatted(madePerSecond, learnedPerSecond, trainedPerSecond, 100 * waitedShare);
  }

  private interface Work {
    int run() throws InterruptedException;
  }

  private static BatchStream stream(ReadoutAugmenter augmenter, int batchSize) {
    return new BatchStream(augmenter, batchSize, 0, Integer.MAX_VALUE);
  }

  private static int learn(ByteFormerNetwork network, Batch batch, StepOptions step) {
    network.step(batch.tokens(), batch.targets(), batch.size(), step);
    return batch.size();
  }

  private static double perSecond(double seconds, Work work) throws InterruptedException {
    long start = System.nanoTime();
    long samples = 0;
    double elapsed;
    do {
      samples += work.run();
      elapsed = (System.nanoTime() - start) / NANOS_PER_SECOND;
    } while (elapsed < seconds);
    return samples / elapsed;
  }
}
