package dev.blindsight.camera.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures several workloads side by side. In each round everyone gets one short block, in an order
 * that moves on by one from round to round. What the machine does besides, and what its clock does,
 * thereby falls on all alike, and ratios within a round cancel it.
 */
final class Rounds implements AutoCloseable {
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(2);
  private static final int LEAST = 3;

  private final Crew crew;
  private final int workers;
  private final Duration block;
  private final List<Workload> workloads = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();
  private int done;

  /**
   * @param workers of the crew
   * @param block how long one workload is measured in a round; a run that takes longer is a block
   */
  Rounds(Crew crew, int workers, Duration block) {
    this.crew = crew;
    this.workers = workers;
    this.block = block;
  }

  /** Adds a workload, which is closed with the rounds. */
  Measurement add(Workload workload) {
    workloads.add(workload);
    Measurement measurement = new Measurement(workload, crew, workers);
    measurements.add(measurement);
    return measurement;
  }

  /** Brings everyone to the speed it keeps. */
  void warmUp() throws InterruptedException {
    for (Measurement measurement : measurements) {
      measurement.warmUp(block, LONGEST_WARM_UP);
    }
  }

  /**
   * Measures until everyone had its time on average, three rounds at least.
   *
   * @return what other processes had of all processors meanwhile, 0..1; empty if it is not known
   */
  Optional<Double> measure(Duration each) throws InterruptedException {
    Optional<ProcessorTime> before = ProcessorTime.now();
    Duration all = each.multipliedBy(measurements.size());
    while (done < LEAST || measured().compareTo(all) < 0) {
      for (int i = 0; i < measurements.size(); i++) {
        measurements.get((done + i) % measurements.size()).measureBlock();
      }
      done++;
    }
    return before.flatMap(begin -> ProcessorTime.now().map(end -> end.othersSince(begin)));
  }

  /** How many rounds were measured. */
  int done() {
    return done;
  }

  private Duration measured() {
    return measurements.stream().map(Measurement::measured).reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
    measurements.forEach(Measurement::close);
    workloads.forEach(Workload::close);
  }
}
