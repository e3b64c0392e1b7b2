package dev.blindsight.camera.agent;

import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.Readout;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes exposures at their pace until the source ends, enough are taken, or it is told to stop. Of
 * a live sensor it takes the newest there is; any other is asked for one after another.
 */
final class CaptureLoop {
  private final ReadoutSensor sensor;
  private final List<String> labels;
  private final Duration interval;
  private final long exposures;
  private final String name;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable Intake intake;

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
   * @param name of the thread that a live sensor gets
   */
  CaptureLoop(
      ReadoutSensor sensor, List<String> labels, Duration interval, long exposures, String name) {
    this.sensor = sensor;
    this.labels = labels;
    this.interval = interval;
    this.exposures = exposures;
    this.name = name;
  }

  /** Ends {@link #run} before its next exposure; from any thread, at any time. */
  void stop() {
    stopped.countDown();
    Intake running = intake;
    if (running != null) {
      running.close();
    }
  }

  /** How many exposures of a live sensor were overwritten by newer ones before their turn came. */
  long dropped() {
    Intake running = intake;
    return running == null ? 0 : running.dropped();
  }

  void run(Receiver receiver) throws InterruptedException {
    try (Intake exposed = intake()) {
      intake = exposed;
      run(exposed, receiver);
    }
  }

  private Intake intake() {
    return switch (sensor.pace()) {
      case Pace.Live _ -> new NewestIntake(this::take, name);
      case Pace.OnDemand _ -> new Asking();
    };
  }

  private void run(Intake exposed, Receiver receiver) throws InterruptedException {
    FailurePauses pauses = new FailurePauses(ThreadLocalRandom.current());
    long due = System.nanoTime();
    long taken = 0;
    while (taken < exposures && !stopsBefore(due)) {
      due = Math.max(due, System.nanoTime() - interval.toNanos()) + interval.toNanos();
      try {
        Optional<Captured> captured = exposed.next();
        if (captured.isEmpty()) {
          return;
        }
        taken++;
        pauses.succeeded();
        receiver.captured(captured.get());
      } catch (SensorException | UserError e) {
        receiver.failed(String.valueOf(e.getMessage()));
        due = Math.max(due, System.nanoTime() + pauses.failed().toNanos());
      }
    }
  }

  private boolean stopsBefore(long due) throws InterruptedException {
    return stopped.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private Optional<Captured> take() {
    return sensor
        .read()
        .map(readout -> new Captured(readout, new Exposed(System.nanoTime(), expected(readout))));
  }

  private @Nullable String expected(Readout readout) {
    return sensor instanceof LabelledSensor labelled
        ? labelled.trueLabel(readout.sequence()).flatMap(label -> label.among(labels)).orElse(null)
        : null;
  }

  /** A sensor that takes an exposure when it is asked to. */
  private final class Asking implements Intake {
    @Override
    public Optional<Captured> next() {
      return take();
    }

    @Override
    public long dropped() {
      return 0;
    }

    @Override
    public void close() {
      // Nothing is held; whoever closes the sensor ends a read that waits.
    }
  }
}
