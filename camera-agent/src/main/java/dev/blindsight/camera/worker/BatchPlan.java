package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ReadoutBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many readouts a model answers together, found by trying: a run costs something by itself, so
 * that a small model answers several readouts in little more than the time of one; a large one
 * gains nothing and would keep the first waiting for the last. Of the sizes 2, 4, 8 and so on whose
 * run is short, it is the one that saves most of a readout's time, if each step saves a tenth.
 *
 * @param largest readouts in one run at most, at least 1
 * @param single the time of a run of one readout
 */
record BatchPlan(int largest, Duration single) {
  private static final Logger LOG = LoggerFactory.getLogger(BatchPlan.class);
  private static final Duration LONGEST_RUN = Duration.ofMillis(20);
  private static final double WORTHWHILE = 0.9;
  private static final int TRIALS = 3;

  /** A short run is tried more often: one turn of another process takes longer than it. */
  private static final Duration ENOUGH = Duration.ofMillis(40);

  private static final float TOLERANCE = 1e-4f;
  private static final long SEED = 1;

  /**
   * Tries a model, for a few runs' time.
   *
   * @param most readouts in one run that are wanted, 1..{@link ReadoutBatch#LARGEST}
   * @throws dev.blindsight.camera.inference.InferenceException when the model fails
   */
  static BatchPlan measure(Model model, int most) {
    int room = model.takesBatches() ? most : 1;
    List<byte[]> readouts = randomReadouts(room, model.card().inputLength());
    try (ReadoutBatch batch = model.batch(room)) {
      Duration single = fastest(batch, readouts.subList(0, 1));
      int largest = 1;
      double best = single.toNanos();
      // All sizes, for one that does not pay may only have been disturbed.
      for (int size = 2; size <= room && best * size < LONGEST_RUN.toNanos(); size *= 2) {
        double ofOne = (double) fastest(batch, readouts.subList(0, size)).toNanos() / size;
        if (ofOne <= WORTHWHILE * best) {
          largest = size;
          best = ofOne;
        }
      }
      if (largest > 1 && !invariant(batch, readouts.subList(0, largest))) {
        LOG.warn(
            "model {}: an answer depends on what is answered with it, so each is answered alone",
            model.id());
        largest = 1;
      }
      return new BatchPlan(largest, single);
    }
  }

  private static List<byte[]> randomReadouts(int count, int length) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<byte[]> readouts = Stream.generate(() -> new byte[length]).limit(count).toList();
    readouts.forEach(random::nextBytes);
    return readouts;
  }

  /** Of some runs, because whatever disturbs a run makes it longer. */
  private static Duration fastest(ReadoutBatch batch, List<byte[]> readouts) {
    long fastest = Long.MAX_VALUE;
    long spent = 0;
    for (int trial = 0; trial < TRIALS || spent < ENOUGH.toNanos(); trial++) {
      long start = System.nanoTime();
      batch.infer(readouts);
      long time = System.nanoTime() - start;
      spent += time;
      fastest = Math.min(fastest, time);
    }
    return Duration.ofNanos(fastest);
  }

  private static boolean invariant(ReadoutBatch batch, List<byte[]> readouts) {
    List<float[]> together = batch.infer(readouts);
    List<float[]> singly = new ArrayList<>();
    readouts.forEach(readout -> singly.addAll(batch.infer(List.of(readout))));
    for (int i = 0; i < readouts.size(); i++) {
      for (int label = 0; label < singly.get(i).length; label++) {
        if (!(Math.abs(together.get(i)[label] - singly.get(i)[label]) <= TOLERANCE)) {
          return false;
        }
      }
    }
    return true;
  }
}
