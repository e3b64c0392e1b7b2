package dev.blindsight.camera.demo;

import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import java.util.Arrays;

/** The latencies of the latest answers. Thread-safe. */
final class Latencies implements AgentListener {
  private static final int REMEMBERED = 100_000;

  private final long[] nanos = new long[REMEMBERED];
  private long count;

  @Override
  public synchronized void observed(Observation observation) {
    nanos[(int) (count++ % REMEMBERED)] = observation.latency().toNanos();
  }

  @Override
  public void stateChanged(String device, AgentState state, String detail) {
    // States take no time.
  }

  /**
   * A percentile by nearest rank.
   *
   * @param share 0..1
   * @return milliseconds; 0 when there was no answer
   */
  synchronized double millis(double share) {
    long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, REMEMBERED));
    if (sorted.length == 0) {
      return 0;
    }
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
