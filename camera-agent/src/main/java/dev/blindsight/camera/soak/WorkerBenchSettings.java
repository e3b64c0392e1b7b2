package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.SealedBatchCodec;
import java.time.Duration;

/**
 * How a worker is compared with its own session.
 *
 * @param broker which broker carries the messages
 * @param model a model file or {@code bundled}, whose spec needs no secret
 * @param threads inferences at a time of the worker, and of the session beside it, 1..256
 * @param batch readouts in one run of the session beside it, 1..1024; the worker finds its own
 * @param devices that ask, 1..1000
 * @param window of each device: requests on their way, 1..1024
 * @param together requests in a message, 1..64
 * @param rounds how often the two take turns, 1..1000
 * @param slice how long each has its turn, up to an hour
 * @param warmUp how long the worker is asked before anything counts, up to an hour
 */
public record WorkerBenchSettings(
    BrokerKind broker,
    String model,
    int threads,
    int batch,
    int devices,
    int window,
    int together,
    int rounds,
    Duration slice,
    Duration warmUp) {
  private static final int MOST_THREADS = 256;
  private static final int MOST_DEVICES = 1000;
  private static final int LARGEST_WINDOW = 1024;
  private static final int MOST_ROUNDS = 1000;
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * @throws UserError when a value is out of range
   */
  public WorkerBenchSettings {
    requireRange("--threads", threads, MOST_THREADS);
    requireRange("--batch", batch, ReadoutBatch.LARGEST);
    requireRange("--devices", devices, MOST_DEVICES);
    requireRange("--window", window, LARGEST_WINDOW);
    requireRange("--together", together, SealedBatchCodec.MOST);
    requireRange("--rounds", rounds, MOST_ROUNDS);
    requireRange("--seconds", slice.toSeconds(), LONGEST.toSeconds());
    requireRange("--warm-up", warmUp.toSeconds(), LONGEST.toSeconds());
  }

  private static void requireRange(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new UserError("%s is %d: give 1 to %d".formatted(option, value, most));
    }
  }

  /** The stage that it needs: nobody is killed. */
  SoakSettings stage() {
    return new SoakSettings(broker, model, devices, devices, 1, threads, 0, 0, 0, null, window, 0);
  }
}
