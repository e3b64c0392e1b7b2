package dev.blindsight.camera.bench;

import java.util.List;

/**
 * What a run found.
 *
 * @param results one for each model, as they were named, the baseline last if it is none of them
 * @param gemm the matrix product whose speed is the peak, as 1024x1024x1024
 * @param baselineNoise the distance of the quartiles of the baseline's blocks, over their median
 */
public record BenchReport(List<BenchResult> results, String gemm, double baselineNoise) {
  public BenchReport {
    results = List.copyOf(results);
  }

  /** What the noise makes of the run. */
  public Trust trust() {
    return results.getFirst().trust();
  }
}
