package dev.blindsight.camera.soak;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The account of a soak.
 *
 * @param readouts that a camera took and had in its spool
 * @param answered of those, with an answer
 * @param lost of those, without
 * @param duplicated answers to readouts that had one already: taken again after a kill, or replied
 *     to twice
 * @param wrong answers that differ from what the model says of the readout
 * @param refused readouts a spool did not take
 * @param p50Ms median time from exposure to answer, in milliseconds, after the warm-up
 * @param p99Ms of a hundred answers, the time that one exceeds, in milliseconds
 * @param seconds from the first exposure to the last answer
 * @param readoutsPerSecond answers a second, from the first after the warm-up to the last
 * @param lateReadoutsPerSecond the same over the last quarter of what counts: well above it, the
 *     virtual machines were still compiling, and the warm-up was too short
 * @param broker which broker it was
 * @param model the model's name
 * @param readoutBytes length of a readout
 * @param cameras how many cameras
 * @param workers how many workers
 * @param killed processes killed with SIGKILL: of the broker, of workers, of the cameras
 * @param maxOverMin the most answers of a camera over the fewest, when the first camera had all of
 *     its own
 * @param reconnects how the cameras came back after the broker was last started again; absent when
 *     it never was
 * @param memory of each process that was there to the end
 * @param workerCpuMs processor time of the workers for each answer, in milliseconds, where no
 *     worker was killed and the system tells
 */
public record SoakReport(
    long readouts,
    long answered,
    long lost,
    long duplicated,
    long wrong,
    long refused,
    double p50Ms,
    double p99Ms,
    double seconds,
    double readoutsPerSecond,
    double lateReadoutsPerSecond,
    BrokerKind broker,
    String model,
    int readoutBytes,
    int cameras,
    int workers,
    int killed,
    @Nullable Double maxOverMin,
    @Nullable Reconnects reconnects,
    List<Memory> memory,
    @Nullable Double workerCpuMs) {

  /**
   * How cameras came back.
   *
   * @param cameras how many did
   * @param p50Seconds median time from the broker's start to the connection
   * @param p99Seconds of a hundred cameras, the time that one exceeds
   * @param busiestSecond connections in the second that had the most
   */
  public record Reconnects(int cameras, double p50Seconds, double p99Seconds, int busiestSecond) {}

  /**
   * Resident memory of a process.
   *
   * @param process its name
   * @param earlyMb median over the second quarter of its life, in 10^6 bytes
   * @param lateMb median over the last quarter
   */
  public record Memory(String process, double earlyMb, double lateMb) {}

  /** Whether nothing was lost, nothing was wrong and nothing was refused. */
  public boolean clean() {
    return lost == 0 && wrong == 0 && refused == 0;
  }
}
