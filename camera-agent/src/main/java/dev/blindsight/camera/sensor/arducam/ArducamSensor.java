package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.board.SpiBus;
import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.PixelReader;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** The driver of an ArduCAM Mini 2MP: one frame into the FIFO, then its kept bytes line by line. */
final class ArducamSensor implements ReadoutSensor {
  /** More than a frame is written when the sensor's size is not the one it was set to. */
  private static final int SPARE_LINES = 2;

  private final ArducamSettings settings;
  private final Sccb control;
  private final SpiBus bus;
  private final Ov2640Registers registers;
  private final Arduchip chip;
  private final LineReader lines;
  private final Acquisition acquisition;

  /** Held while the buses are in use, so that they are not given back under a reading. */
  private final ReentrantLock using = new ReentrantLock();

  private final AtomicLong channels = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private boolean ready;
  private volatile boolean closed;

  /** Sets the module up; the buses are the sensor's from now on. */
  ArducamSensor(
      ArducamSettings settings, Sccb control, SpiBus bus, ReadoutSpec spec, String device) {
    this.settings = settings;
    this.control = control;
    this.bus = bus;
    this.registers = new Ov2640Registers(control);
    this.chip = new Arduchip(bus);
    this.lines =
        new LineReader(
            chip,
            settings.window().size(),
            PixelReader.bytesOf(spec, settings.format(), settings.window()));
    setUp();
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.DISCARDED);
  }

  private void setUp() {
    chip.requireSound();
    registers.setUp(settings.window().size(), settings.format());
    ready = true;
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
    return Pace.ON_DEMAND;
  }

  @Override
  public SensorTraffic traffic() {
    return new SensorTraffic(
        acquisition.taken(),
        channels.get(),
        bytes.get(),
        faults.get() + control.faults() + bus.faults());
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection();
  }

  @Override
  public Optional<Readout> read() {
    using.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      if (!ready) {
        setUp();
      }
      requirePlausible(chip.capture(settings.captureTimeout(), () -> closed));
      return Optional.of(readOut());
    } catch (SensorException e) {
      if (closed) {
        return Optional.empty();
      }
      ready = false;
      faults.incrementAndGet();
      throw e;
    } finally {
      using.unlock();
    }
  }

  private void requirePlausible(int length) {
    FrameSize size = settings.window().size();
    int least = settings.lead() + size.bytes();
    int most = Math.min(least + SPARE_LINES * size.lineBytes(), FrameSize.FIFO_CAPACITY);
    if (length < least || length > most) {
      throw new SensorException(
          "%s: the FIFO holds %d bytes, a frame of %s has %d to %d: check the module's power, or reset it"
              .formatted(bus.name(), length, size, least, most));
    }
  }

  private Readout readOut() {
    PixelReader reader = new PixelReader(lines, settings.format(), settings.window(), geometry());
    int last = acquisition.spec().mask().channelAt(acquisition.spec().length() - 1);
    try {
      lines.begin(settings.lead());
      return acquisition.take(channel -> {
        int value = reader.read(channel);
        channels.incrementAndGet();
        if (closed) {
          throw new SensorException("%s: is being closed".formatted(bus.name()));
        }
        if (channel == last) {
          // A module that was unplugged in the meantime gave whatever the wires happened to be.
          chip.requireSound();
        }
        return value;
      });
    } finally {
      bytes.set(lines.clocked());
      lines.end();
      reader.forget();
    }
  }

  @Override
  public void close() {
    closed = true;
    using.lock();
    try {
      bus.close();
      control.close();
      acquisition.close();
    } finally {
      using.unlock();
    }
  }
}
