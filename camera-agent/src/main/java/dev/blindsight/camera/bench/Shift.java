package dev.blindsight.camera.bench;

/**
 * One worker's runs in a block.
 *
 * @param times in nanoseconds of {@link System#nanoTime}: when it started, and after each run
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by the block
record Shift(long[] times) {
  long start() {
    return times[0];
  }

  long end() {
    return times[times.length - 1];
  }

  int runs() {
    return times.length - 1;
  }

  /** How long a run took, in nanoseconds; runs are counted from zero. */
  long duration(int run) {
    return times[run + 1] - times[run];
  }
}
