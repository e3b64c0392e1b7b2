package dev.blindsight.camera.soak;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What is endured.
 *
 * @param broker which broker carries the messages
 * @param model a model file or {@code bundled}, whose spec needs no secret
 * @param readouts of all cameras together, 1..10,000,000, at least one for each camera
 * @param cameras 1..10,000, each with a client, a secret and a spool of its own
 * @param workers processes that answer, 1..64
 * @param threads inferences at a time of each worker, 1..256; absent, the cores divided among them
 * @param killBroker how often the broker is killed and started again, 0..100
 * @param killWorker how often a worker is killed and replaced, 0..100
 * @param killAgent how often the process of all cameras is killed and started again, 0..100
 * @param rate readouts a second of all cameras together, more than 0; absent, as fast as they are
 *     answered
 * @param window of each camera: requests on their way, 1..1024
 * @param warmUp the first answers whose latency does not count, 0..readouts: those that wait for
 *     compilers and caches
 */
public record SoakSettings(
    BrokerKind broker,
    String model,
    long readouts,
    int cameras,
    int workers,
    @Nullable Integer threads,
    int killBroker,
    int killWorker,
    int killAgent,
    @Nullable Double rate,
    int window,
    long warmUp) {
  private static final long MOST_READOUTS = 10_000_000;
  private static final int MOST_CAMERAS = 10_000;
  private static final int MOST_WORKERS = 64;
  private static final int MOST_KILLS = 100;
  private static final int LARGEST_WINDOW = 1024;
  private static final int MOST_THREADS = 256;

  /**
   * @throws UserError when a value is out of range
   */
  public SoakSettings {
    requireRange("--readouts", readouts, 1, MOST_READOUTS);
    requireRange("--cameras", cameras, 1, Math.min(MOST_CAMERAS, readouts));
    requireRange("--workers", workers, 1, MOST_WORKERS);
    requireRange("--threads", threads == null ? 1 : threads, 1, MOST_THREADS);
    requireRange("--kill-broker", killBroker, 0, MOST_KILLS);
    requireRange("--kill-worker", killWorker, 0, MOST_KILLS);
    requireRange("--kill-agent", killAgent, 0, MOST_KILLS);
    requireRange("--window", window, 1, LARGEST_WINDOW);
    requireRange("--warm-up", warmUp, 0, readouts);
    if (rate != null && !(rate > 0 && rate <= MOST_READOUTS)) {
      throw new UserError(
          "--rate is %s: give more than 0 readouts a second, at most %d"
              .formatted(rate, MOST_READOUTS));
    }
  }

  private static void requireRange(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new UserError("%s is %d: give %d to %d".formatted(option, value, least, most));
    }
  }

  /** How many readouts a camera takes; the first ones take what does not divide. */
  long readoutsOf(int camera) {
    return readouts / cameras + (camera < readouts % cameras ? 1 : 0);
  }
}
