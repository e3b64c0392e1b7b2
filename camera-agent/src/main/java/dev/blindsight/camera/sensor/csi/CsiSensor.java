package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.process.InstalledProgram;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera on a ribbon cable, whose frames a program of the system writes to a pipe. The kept
 * channels are picked as they pass by; the rest is overwritten line by line.
 */
final class CsiSensor implements ReadoutSensor {
  private static final List<String> PROGRAMS = List.of("rpicam-vid", "libcamera-vid");
  private static final Logger log = LoggerFactory.getLogger(CsiSensor.class);

  /** What rpicam-vid keeps: 6 buffers (rpicam-apps, ConfigureVideo), and one that it writes. */
  private static final int MOST_STALE = 7;

  private static final double NANOS_PER_SECOND = 1e9;

  private final CsiSettings settings;
  private final Acquisition acquisition;
  private final PlanarGather gather;
  private final ReentrantLock turn = new ReentrantLock();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final AtomicLong passedOver = new AtomicLong();
  private volatile @Nullable CameraProgram program;
  private volatile MemoryProtection lines = MemoryProtection.FULL;
  private volatile boolean closed;
  private @Nullable PassingFrame frame;
  private long lastEnd;

  private CsiSensor(CsiSettings settings, ReadoutSpec spec, String device) {
    this.settings = settings;
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.DISCARDED);
    this.gather =
        spec.geometry().channels() == 1
            ? new LumaGather(spec, settings.width(), settings.height())
            : new ColourGather(spec, settings.width(), settings.height());
  }

  /**
   * Starts the program and waits for its first byte.
   *
   * @throws UserError when it is not installed, or finds no camera
   */
  static CsiSensor open(CsiSettings settings, ReadoutSpec spec, String device) {
    int channels = spec.geometry().channels();
    if (channels != 1 && channels != 3) {
      throw new UserError(
          "%s: gives luma (1 channel) or RGB (3 channels), the spec has %d: give another spec"
              .formatted(settings.source(), channels));
    }
    CsiSensor sensor = new CsiSensor(settings, spec, device);
    boolean opened = false;
    try {
      CameraProgram started = sensor.start();
      try {
        started.awaitBytes(sensor.deadline());
      } catch (StreamBrokenException e) {
        throw new UserError(sensor.describe(started, e), e);
      }
      opened = true;
      return sensor;
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
    return GuaranteeLevel.DISCARDED;
  }

  @Override
  public Pace pace() {
    return new Pace.Live(settings.rate(), settings.rate());
  }

  @Override
  public SensorTraffic traffic() {
    long taken = acquisition.taken();
    return new SensorTraffic(
        taken, taken * acquisition.spec().length(), bytesRead.get(), faults.get());
  }

  /** How many frames passed by unread because newer ones were waiting behind them. */
  long passedOver() {
    return passedOver.get();
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection().and(gather.protection()).and(lines);
  }

  @Override
  public Optional<Readout> read() {
    turn.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      CameraProgram running = program;
      PassingFrame passing = frame;
      try {
        if (running == null || passing == null) {
          running = start();
          passing = frame;
        }
        return closed || passing == null ? Optional.empty() : take(running, passing);
      } catch (StreamBrokenException e) {
        if (closed || running == null) {
          return Optional.empty();
        }
        throw failed(new SensorException(describe(running, e), e));
      } catch (UserError e) {
        throw failed(new SensorException(e.getMessage(), e));
      }
    } finally {
      turn.unlock();
    }
  }

  private SensorException failed(SensorException failure) {
    faults.incrementAndGet();
    stop();
    return failure;
  }

  private Optional<Readout> take(CameraProgram running, PassingFrame passing) {
    // Of the frames that the camera has made while nobody read, all but the last are old.
    double made = (System.nanoTime() - lastEnd) / NANOS_PER_SECOND * settings.rate();
    for (int old = (int) Math.min(made - 1, MOST_STALE); old > 0 && running.ready(); old--) {
      passing.begin(deadline());
      passing.end();
      passedOver.incrementAndGet();
    }
    passing.begin(deadline());
    Readout readout = gather.take(acquisition, passing);
    lastEnd = System.nanoTime();
    return Optional.of(readout);
  }

  private long deadline() {
    return System.nanoTime() + settings.timeout().toNanos();
  }

  /** Its name was changed in 2024; the newer one when there is none. */
  private static String installedProgram() {
    return PROGRAMS.stream()
        .filter(name -> InstalledProgram.find(name).isPresent())
        .findFirst()
        .orElse(PROGRAMS.getFirst());
  }

  private CameraProgram start() {
    String name = settings.program().orElseGet(CsiSensor::installedProgram);
    try {
      CameraProgram started =
          CameraProgram.start(name, settings.commandLine(), settings.width(), bytesRead);
      // Known before the first wait, so that close() either finds it or is seen by read().
      program = started;
      PassingFrame passing = new PassingFrame(settings.width(), settings.height(), started);
      frame = passing;
      lines = passing.protection();
      lastEnd = System.nanoTime();
      log.info(
          "{}: {} writes {}x{} YUV 4:2:0 at {} frames a second",
          settings.source(),
          name,
          settings.width(),
          settings.height(),
          settings.rate());
      return started;
    } catch (IOException e) {
      throw new UserError(
          "%s: %s cannot be started (%s): install rpicam-apps, or give option program=path"
              .formatted(settings.source(), name, e.getMessage()),
          e);
    } catch (SystemCallException e) {
      throw new UserError(
          "%s: no pipe for %s (%s): raise the limit of open files"
              .formatted(settings.source(), name, e.getMessage()),
          e);
    }
  }

  private String describe(CameraProgram running, StreamBrokenException broken) {
    return switch (broken.reason()) {
      case ENDED ->
          "%s: the camera program %s: check the cable, and that no other program uses the camera (rpicam-hello --list-cameras)"
              .formatted(settings.source(), running.describeEnd());
      case TIMED_OUT ->
          "%s: no whole frame within %d ms: check the cable, or give option timeout=milliseconds"
              .formatted(settings.source(), settings.timeout().toMillis());
      case CLOSED -> "%s: is closed".formatted(settings.source());
    };
  }

  private void stop() {
    CameraProgram running = program;
    program = null;
    if (running != null) {
      running.close();
    }
    PassingFrame passing = frame;
    frame = null;
    if (passing != null) {
      passing.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    CameraProgram waitedFor = program;
    if (waitedFor != null) {
      waitedFor.wake();
    }
    turn.lock();
    try {
      stop();
      gather.close();
      acquisition.close();
    } finally {
      turn.unlock();
    }
  }
}
