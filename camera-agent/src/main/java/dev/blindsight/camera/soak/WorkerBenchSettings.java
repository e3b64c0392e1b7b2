package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.SealedBatchCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is compared with its own session.
 *
 * @param broker which broker carries the messages
 * @param model a model file or {@code bundled}, whose spec needs no secret
 * @param threads inferences at a time of the worker, and of the session beside it, 1..256
 * @param batch readouts in one run of the session beside it, 1..1024; the worker finds its own
 * @param devices that ask, 1..1000
 * @param window of each device: requests on their way, 1..1024; absent, what keeps a worker busy
 * @param together requests in a message, 1..64; absent, as agents send them
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
    @Nullable Integer window,
    @Nullable Integer together,
    int rounds,
    Duration slice,
    Duration warmUp) {
  private static final int MOST_THREADS = 256;
  private static final int MOST_DEVICES = 1000;
  private static final int LARGEST_WINDOW = 1024;
  private static final int MOST_ROUNDS = 1000;
  private static final int LONGEST_SMALL = 2 << 10;
  private static final int OFTEN_TOGETHER = 8;
  private static final int FEW_ON_THEIR_WAY = 2;
  private static final int MANY_ON_THEIR_WAY = 64;
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * @throws UserError when a value is out of range
   */
  public WorkerBenchSettings {
    requireRange("--threads", threads, MOST_THREADS);
    requireRange("--batch", batch, ReadoutBatch.LARGEST);
    requireRange("--devices", devices, MOST_DEVICES);
    requireRange("--window", window == null ? 1 : window, LARGEST_WINDOW);
    requireRange("--together", together == null ? 1 : together, SealedBatchCodec.MOST);
    requireRange("--rounds", rounds, MOST_ROUNDS);
    requireRange("--seconds", slice.toSeconds(), LONGEST.toSeconds());
    requireRange("--warm-up", warmUp.toSeconds(), LONGEST.toSeconds());
  }

  private static void requireRange(String option, long value, long most) {
    if (value < 1 || value > most) {
      throw new UserError("%s is %d: give 1 to %d".formatted(option, value, most));
    }
  }

  /**
   * How many requests travel in a message: as many as with agents under load, of small readouts.
   */
  int togetherFor(int readoutBytes) {
    if (together != null) {
      return together;
    }
    return readoutBytes > LONGEST_SMALL ? 1 : OFTEN_TOGETHER;
  }

  /**
   * How many requests of a device are on their way: enough for full batches of small readouts; of
   * large ones no more than are answered in a few seconds.
   */
  int windowFor(int readoutBytes) {
    if (window != null) {
      return window;
    }
    return readoutBytes > LONGEST_SMALL ? FEW_ON_THEIR_WAY : MANY_ON_THEIR_WAY;
  }

  /** The stage that it needs: nobody is killed. */
  SoakSettings stage() {
    return new SoakSettings(broker, model, devices, devices, 1, threads, 0, 0, 0, null, 1, 0);
  }
}
