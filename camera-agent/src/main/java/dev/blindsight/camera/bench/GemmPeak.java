package dev.blindsight.camera.bench;

import java.time.Duration;
import java.util.List;

/**
 * Finds the product of matrices that this machine computes fastest: which one it is depends on its
 * caches and on how many threads share it.
 */
final class GemmPeak {
  // Rows, inner, columns: from what the networks here ask for up to where larger gains no more.
  private static final List<MatrixWorkload.Size> SIZES =
      List.of(
          new MatrixWorkload.Size(512, 768, 768),
          new MatrixWorkload.Size(1024, 1024, 1024),
          new MatrixWorkload.Size(2048, 512, 512),
          new MatrixWorkload.Size(1024, 512, 2048));
  private static final int TRIES = 3;
  // So short a search is easily disturbed: the quickest of the runs tell more than all of them.
  private static final double UNDISTURBED = 0.1;

  private GemmPeak() {}

  /**
   * Tries every size for a short time and returns the fastest.
   *
   * @param threads of one product
   * @param workers that compute at once
   * @param block how long each try lasts
   */
  static MatrixWorkload find(int threads, int workers, Crew crew, Duration block)
      throws InterruptedException {
    MatrixWorkload.Size best = SIZES.getFirst();
    double most = 0;
    for (MatrixWorkload.Size size : SIZES) {
      try (MatrixWorkload workload = new MatrixWorkload(size, threads);
          Measurement measurement = new Measurement(workload, crew, workers)) {
        measurement.warmUp(block, block.multipliedBy(TRIES));
        for (int i = 0; i < TRIES; i++) {
          measurement.measureBlock();
        }
        double speed =
            workload.multiplyAdds() / measurement.durations().quantiles().at(UNDISTURBED);
        if (speed > most) {
          most = speed;
          best = size;
        }
      }
    }
    return new MatrixWorkload(best, threads);
  }
}
