package dev.blindsight.camera.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What is measured of one workload, block by block. */
final class Measurement implements AutoCloseable {
  private static final double SETTLED = 0.05;
  private static final int LEAST_WARM_BLOCKS = 3;

  private final Workload workload;
  private final Crew crew;
  private final List<Workload.Task> tasks;
  private final Samples durations = new Samples();
  private final Samples blockMedians = new Samples();
  private final Samples blockRates = new Samples();
  private long measured;
  private int runsInBlock = 1;

  Measurement(Workload workload, Crew crew, int workers) {
    this.workload = workload;
    this.crew = crew;
    List<Workload.Task> made = new ArrayList<>();
    try {
      IntStream.range(0, workers).forEach(worker -> made.add(workload.task(worker)));
    } catch (RuntimeException e) {
      made.forEach(Workload.Task::close);
      throw e;
    }
    tasks = List.copyOf(made);
  }

  /**
   * Runs it until its time settles, that is, until two blocks in succession take the same within 5
   * %, and finds out how many runs make a block.
   *
   * @param block how long a block shall last
   * @param longest when to stop although the time has not settled
   */
  void warmUp(Duration block, Duration longest) throws InterruptedException {
    long begin = System.nanoTime();
    double last = Double.POSITIVE_INFINITY;
    for (int blocks = 1; ; blocks++) {
      double now = crew.run(tasks, runsInBlock).medianDuration();
      runsInBlock = Math.clamp(Math.round(block.toNanos() / now), 1, 1 << 20);
      boolean settled = blocks >= LEAST_WARM_BLOCKS && Math.abs(now - last) <= SETTLED * last;
      if (settled || System.nanoTime() - begin > longest.toNanos()) {
        return;
      }
      last = now;
    }
  }

  /** Measures one block. */
  void measureBlock() throws InterruptedException {
    Block block = crew.run(tasks, runsInBlock);
    for (double duration : block.durations()) {
      durations.add(duration);
    }
    blockMedians.add(block.medianDuration());
    blockRates.add(block.runsPerSecond());
    measured += block.nanoseconds();
  }

  Workload workload() {
    return workload;
  }

  /** How long its blocks lasted, all together. */
  Duration measured() {
    return Duration.ofNanos(measured);
  }

  /** Single runs, in nanoseconds. */
  Samples durations() {
    return durations;
  }

  /** The median duration of each block's runs, in nanoseconds. */
  Samples blockMedians() {
    return blockMedians;
  }

  /** Runs a second, of all workers together: the median over the blocks. */
  double runsPerSecond() {
    return blockRates.quantiles().median();
  }

  /** 10^9 floating-point operations a second, of all workers together. */
  double gflops() {
    return 2e-9 * workload.multiplyAdds() * runsPerSecond();
  }

  /** How far the blocks lie apart: the distance of their quartiles over their median. */
  double noise() {
    return blockMedians.quantiles().relativeSpread();
  }

  /** The time of this against the other's, for each of the rounds in which both were measured. */
  Quantiles ratiosTo(Measurement other) {
    double[] own = blockMedians.values();
    double[] theirs = other.blockMedians.values();
    return Quantiles.of(
        IntStream.range(0, own.length).mapToDouble(round -> own[round] / theirs[round]).toArray());
  }

  @Override
  public void close() {
    tasks.forEach(Workload.Task::close);
  }
}
