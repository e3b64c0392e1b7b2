package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.board.InputPin;
import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.omnivision.PixelReader;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The driver of an OV7670 with an AL422B: lets the sensor write one whole frame into the FIFO, from
 * one VSYNC to the next, then reads the kept bytes of it.
 */
final class Ov7670Sensor implements ReadoutSensor {
  private final Ov7670Settings settings;
  private final Sccb control;
  private final Pins pins;
  private final Ov7670Registers registers;
  private final FrameClock clock;
  private final Al422b fifo;
  private final Acquisition acquisition;

  /** Held while the pins are in use, so that they are not given back under a reading. */
  private final ReentrantLock using = new ReentrantLock();

  private final AtomicLong channels = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private boolean ready;
  private volatile boolean closed;

  /** Sets the chip up; the buses are the sensor's from now on. */
  Ov7670Sensor(Ov7670Settings settings, Sccb control, Pins pins, ReadoutSpec spec, String device) {
    this.settings = settings;
    this.control = control;
    this.pins = pins;
    this.registers = new Ov7670Registers(control);
    Wires wires = Wires.open(pins, settings);
    this.clock = new FrameClock(wires.verticalSync(), settings.frameTimeout());
    this.fifo = new Al422b(wires, settings.outputEnableKind());
    setUp();
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.UNDRIVEN);
  }

  private void setUp() {
    registers.setUp(settings.window().size(), settings.format());
    ready = true;
  }

  @Override
  public SensorGeometry geometry() {
    return acquisition.spec().geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return GuaranteeLevel.UNDRIVEN;
  }

  @Override
  public Pace pace() {
    return Pace.ON_DEMAND;
  }

  @Override
  public SensorTraffic traffic() {
    return new SensorTraffic(
        acquisition.taken(), channels.get(), bytes.get(), faults.get() + control.faults());
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
      capture();
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

  private void capture() {
    long before = clock.seen();
    try (InputPin.Listening _ = clock.listen()) {
      long began = clock.awaitAfter(before);
      fifo.beginWriting();
      try {
        clock.awaitAfter(began);
      } finally {
        fifo.endWriting();
      }
    }
  }

  private Readout readOut() {
    PixelReader reader =
        new PixelReader(fifo::read, settings.format(), settings.window(), geometry());
    int last = acquisition.spec().mask().channelAt(acquisition.spec().length() - 1);
    fifo.rewind();
    try {
      return acquisition.take(channel -> {
        int value = reader.read(channel);
        channels.incrementAndGet();
        if (closed) {
          throw new SensorException("the ov7670 is being closed");
        }
        if (channel == last) {
          // A module that was unplugged in the meantime gave whatever the wires happened to be.
          registers.requireProduct();
        }
        return value;
      });
    } finally {
      bytes.set(fifo.driven());
      reader.forget();
      fifo.rest();
    }
  }

  @Override
  public void close() {
    closed = true;
    clock.stop();
    using.lock();
    try {
      pins.close();
      control.close();
      acquisition.close();
    } finally {
      using.unlock();
    }
  }
}
