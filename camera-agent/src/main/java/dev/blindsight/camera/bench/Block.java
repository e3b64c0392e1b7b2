package dev.blindsight.camera.bench;

import java.util.List;

/**
 * A short time in which all workers did one thing.
 *
 * @param durations of all runs of all workers, in nanoseconds
 * @param nanoseconds from the first worker's start to the last one's end
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by the record of measurements
record Block(double[] durations, long nanoseconds) {
  static Block of(List<Shift> shifts) {
    double[] durations = new double[shifts.stream().mapToInt(Shift::runs).sum()];
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    int next = 0;
    // nanoTime may overflow: only differences to one of its values can be compared.
    long origin = shifts.getFirst().start();
    for (Shift shift : shifts) {
      start = Math.min(start, shift.start() - origin);
      end = Math.max(end, shift.end() - origin);
      for (int run = 0; run < shift.runs(); run++) {
        durations[next++] = shift.duration(run);
      }
    }
    return new Block(durations, Math.max(1, end - start));
  }

  double medianDuration() {
    return Quantiles.of(durations).median();
  }

  /** Runs of all workers in a second. */
  double runsPerSecond() {
    return durations.length * 1e9 / nanoseconds;
  }
}
