package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.v4l2.BufferRing.Frame;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera behind Video for Linux. Of the frames that wait in its buffers the newest is gathered,
 * the others are passed over; each is overwritten before the camera gets its buffer back.
 */
final class V4l2Sensor implements ReadoutSensor {
  private static final Logger log = LoggerFactory.getLogger(V4l2Sensor.class);

  private static final int DAMAGED_IN_A_ROW = 3;
  private static final long EMPTY_PAUSE_NANOS = 1_000_000;

  /** What is assumed of a camera whose driver does not tell its rate. */
  private static final Pace ANY_PACE = new Pace.Live(1, 60);

  private final VideoSystem system;
  private final V4l2Settings settings;
  private final Acquisition acquisition;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong busBytes = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final AtomicLong passedOver = new AtomicLong();
  private volatile @Nullable VideoDevice device;
  private volatile MemoryProtection buffers = MemoryProtection.FULL;
  private volatile Pace pace = ANY_PACE;
  private volatile boolean closed;
  private @Nullable CaptureSession session;

  private V4l2Sensor(VideoSystem system, V4l2Settings settings, ReadoutSpec spec, String device) {
    this.system = system;
    this.settings = settings;
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.FRAME_IN_DRIVER);
  }

  /**
   * Opens a camera and starts it.
   *
   * @throws UserError when it is missing, may not be opened or does not fit
   */
  static V4l2Sensor open(
      VideoSystem system, V4l2Settings settings, ReadoutSpec spec, String device) {
    int channels = spec.geometry().channels();
    if (channels != 1 && channels != 3) {
      throw new UserError(
          "%s: gives luma (1 channel) or RGB (3 channels), the spec has %d: give another spec"
              .formatted(settings.path(), channels));
    }
    V4l2Sensor sensor = new V4l2Sensor(system, settings, spec, device);
    boolean opened = false;
    try {
      sensor.start();
      opened = true;
      return sensor;
    } catch (SystemCallException e) {
      throw new UserError(Troubles.describe(settings.path(), e), e);
    } finally {
      if (!opened) {
        sensor.close();
      }
    }
  }

  @Override
  public SensorGeometry geometry() {
    return acquisition.spec().geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return GuaranteeLevel.FRAME_IN_DRIVER;
  }

  @Override
  public Pace pace() {
    return pace;
  }

  @Override
  public SensorTraffic traffic() {
    long taken = acquisition.taken();
    return new SensorTraffic(
        taken, whole.get() * geometry().elements(), busBytes.get(), faults.get());
  }

  /** How many frames were overwritten unread because a newer one was there. */
  long passedOver() {
    return passedOver.get();
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection().and(buffers);
  }

  @Override
  public Optional<Readout> read() {
    turn.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      CaptureSession current = session != null ? session : start();
      return closed ? Optional.empty() : expose(current);
    } catch (SystemCallException e) {
      return failed(new SensorException(Troubles.describe(settings.path(), e), e));
    } catch (UserError e) {
      return failed(new SensorException(e.getMessage(), e));
    } finally {
      turn.unlock();
    }
  }

  private Optional<Readout> failed(SensorException failure) {
    stop();
    if (closed) {
      return Optional.empty();
    }
    faults.incrementAndGet();
    throw failure;
  }

  private CaptureSession start() throws SystemCallException {
    VideoDevice opened = system.open(settings.path());
    // Known before the first wait, so that close() either finds it or is seen by read().
    device = opened;
    CaptureSession started = CaptureSession.start(opened, settings, acquisition.spec());
    session = started;
    buffers = started.ring().protection();
    pace =
        started.mode().rate().isPresent()
            ? new Pace.Live(
                started.mode().rate().getAsDouble(), started.mode().rate().getAsDouble())
            : ANY_PACE;
    log.info(
        "{}: {}, read as {}x{}x{}",
        settings.path(),
        started.mode(),
        geometry().width(),
        geometry().height(),
        geometry().channels());
    return started;
  }

  private void stop() {
    CaptureSession current = session;
    session = null;
    device = null;
    if (current != null) {
      current.close();
    }
  }

  private Optional<Readout> expose(CaptureSession current) throws SystemCallException {
    long deadline = System.nanoTime() + settings.timeout().toNanos();
    int damaged = 0;
    boolean stale = true;
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      switch (current.device().await(left)) {
        case WOKEN -> {
          return Optional.empty();
        }
        case TIMED_OUT -> {
          return failed(
              new SensorException(
                  "%s: no frame within %d ms: plug the camera in again, or give option timeout=milliseconds"
                      .formatted(settings.path(), settings.timeout().toMillis())));
        }
        case READY, HUNG_UP -> {
          // Taken below, or the call there tells what has happened.
        }
      }
      Waiting waiting = newest(current);
      damaged += waiting.damaged();
      if (damaged >= DAMAGED_IN_A_ROW) {
        return failed(
            new SensorException(
                "%s: %d damaged frames in a row: use another cable or port, or a lower size or rate"
                    .formatted(settings.path(), damaged)));
      }
      Frame frame = waiting.newest();
      if (frame == null) {
        // Something was announced and is not there: no reason to ask without a pause.
        LockSupport.parkNanos(EMPTY_PAUSE_NANOS);
      } else if (stale && waiting.frames() == current.ring().size()) {
        // All buffers were full, so the camera had none for what it saw since: wait for the next.
        stale = false;
        passedOver.incrementAndGet();
        current.ring().giveBack(frame);
      } else {
        return Optional.of(gather(current, frame));
      }
    }
  }

  /**
   * What waited in the buffers.
   *
   * @param newest the newest whole frame; absent when there is none
   * @param frames how many frames waited, damaged ones among them
   * @param damaged how many were damaged
   */
  private record Waiting(@Nullable Frame newest, int frames, int damaged) {}

  private Waiting newest(CaptureSession current) throws SystemCallException {
    Frame newest = null;
    int frames = 0;
    int damaged = 0;
    // No more than there are buffers, for a fast camera fills them again meanwhile.
    while (frames < current.ring().size()) {
      Optional<Frame> next;
      try {
        next = current.ring().dequeue();
      } catch (SystemCallException e) {
        if (e.error() != Errno.EIO) {
          throw e;
        }
        // A passing trouble, as a lost signal (V4L2 API, VIDIOC_DQBUF): the next may be good.
        faults.incrementAndGet();
        damaged++;
        break;
      }
      if (next.isEmpty()) {
        break;
      }
      Frame frame = next.get();
      frames++;
      busBytes.addAndGet(frame.bytes());
      if (frame.damaged() || frame.bytes() < current.mode().frameBytes()) {
        faults.incrementAndGet();
        damaged++;
        current.ring().giveBack(frame);
        continue;
      }
      whole.incrementAndGet();
      if (newest != null) {
        passedOver.incrementAndGet();
        current.ring().giveBack(newest);
      }
      newest = frame;
    }
    return new Waiting(newest, frames, newest == null ? damaged : 0);
  }

  private Readout gather(CaptureSession current, Frame frame) {
    try {
      return current.plan().take(acquisition, frame.memory());
    } finally {
      try {
        current.ring().giveBack(frame);
      } catch (SystemCallException e) {
        // It has been overwritten; this exposure is whole, the next sets the camera up again.
        log.debug("{}: {}", settings.path(), e.getMessage());
        faults.incrementAndGet();
        stop();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    VideoDevice waitedFor = device;
    if (waitedFor != null) {
      waitedFor.wake();
    }
    turn.lock();
    try {
      stop();
      acquisition.close();
    } finally {
      turn.unlock();
    }
  }
}
