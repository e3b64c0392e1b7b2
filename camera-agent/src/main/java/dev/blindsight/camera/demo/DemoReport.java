package dev.blindsight.camera.demo;

import dev.blindsight.camera.agent.AgentCounters;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What came of a demo, of both cameras together.
 *
 * @param readouts exposures read out
 * @param answered readouts with an answer
 * @param local of those, answered on the device
 * @param remote of those, answered by the worker
 * @param lost readouts given up without an answer
 * @param duplicated replies to readouts that had their answer already
 * @param accuracy of the answers whose true label is known, the share with that label on top; 0
 *     when there are none
 * @param p50Ms median latency from readout to answer, in milliseconds
 * @param p99Ms of a hundred answers, the latency of the second slowest, in milliseconds
 * @param seconds from the first exposure to the last answer
 */
public record DemoReport(
    long readouts,
    long answered,
    long local,
    long remote,
    long lost,
    long duplicated,
    double accuracy,
    double p50Ms,
    double p99Ms,
    double seconds) {

  static DemoReport of(List<AgentCounters> cameras, Latencies latencies, Duration duration) {
    long labelled = cameras.stream().mapToLong(AgentCounters::labelled).sum();
    long correct = cameras.stream().mapToLong(AgentCounters::correct).sum();
    return new DemoReport(
        cameras.stream().mapToLong(AgentCounters::readouts).sum(),
        cameras.stream().mapToLong(AgentCounters::answered).sum(),
        cameras.stream().mapToLong(AgentCounters::local).sum(),
        cameras.stream().mapToLong(AgentCounters::remote).sum(),
        cameras.stream().mapToLong(AgentCounters::lost).sum(),
        cameras.stream().mapToLong(AgentCounters::duplicated).sum(),
        labelled == 0 ? 0 : (double) correct / labelled,
        latencies.millis(0.50),
        latencies.millis(0.99),
        duration.toMillis() / 1e3);
  }

  /** The report in words. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%d readouts, %d answered (%d on the device, %d by the worker), %d lost, %d duplicated;"
            + " accuracy %.1f %%; latency %.1f ms (median), %.1f ms (99 %%); %.1f s",
        readouts,
        answered,
        local,
        remote,
        lost,
        duplicated,
        100 * accuracy,
        p50Ms,
        p99Ms,
        seconds);
  }
}
