package dev.blindsight.camera.agent;

import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.Readout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes exposures at their pace until the source ends, enough are taken, or it is told to stop. */
final class CaptureLoop {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);

  /** A sensor that fails is not asked more often than this. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final ReadoutSensor sensor;
  private final List<String> labels;
  private final Duration interval;
  private final long exposures;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Told what becomes of the exposures, on the thread that takes them. */
  interface Receiver {
    /** An exposure was read out; may wait, and so hold up the next. */
    void captured(Captured captured) throws InterruptedException;

    /** An exposure could not be taken. */
    void failed(String reason);
  }

  /**
   * @param labels by which true labels are told
   * @param interval from one exposure to the next; when answers take longer, exposures are left
   *     out, not made up for
   * @param exposures to take at most
   */
  CaptureLoop(ReadoutSensor sensor, List<String> labels, Duration interval, long exposures) {
    this.sensor = sensor;
    this.labels = labels;
    this.interval = interval;
    this.exposures = exposures;
  }

  /** Ends {@link #run} before its next exposure; from any thread, at any time. */
  void stop() {
    stopped.countDown();
  }

  void run(Receiver receiver) throws InterruptedException {
    long due = System.nanoTime();
    long taken = 0;
    while (taken < exposures && !stopsBefore(due)) {
      due = Math.max(due, System.nanoTime() - interval.toNanos()) + interval.toNanos();
      try {
        Optional<Readout> readout = sensor.read();
        if (readout.isEmpty()) {
          return;
        }
        taken++;
        Exposed exposed = new Exposed(System.nanoTime(), expected(readout.get()));
        receiver.captured(new Captured(readout.get(), exposed));
      } catch (SensorException | UserError e) {
        LOG.warn("{}", e.getMessage());
        receiver.failed(String.valueOf(e.getMessage()));
        due = Math.max(due, System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos());
      }
    }
  }

  private boolean stopsBefore(long due) throws InterruptedException {
    return stopped.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private @Nullable String expected(Readout readout) {
    return sensor instanceof LabelledSensor labelled
        ? labelled.trueLabel(readout.sequence()).flatMap(label -> label.among(labels)).orElse(null)
        : null;
  }
}
