package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sensor whose module takes one frame at a time into a FIFO: lets it, then reads the kept bytes.
 * After a failure the module is set up again before the next exposure.
 */
public final class FifoSensor implements ReadoutSensor {
  private final FifoModule module;
  private final GuaranteeLevel guarantee;
  private final Acquisition acquisition;

  /** Held while the module is in use, so that its buses are not given back under a reading. */
  private final ReentrantLock using = new ReentrantLock();

  private final AtomicLong channels = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private boolean ready = true;
  private volatile boolean closed;

  private FifoSensor(FifoModule module, ReadoutSpec spec, String device, GuaranteeLevel guarantee) {
    this.module = module;
    this.guarantee = guarantee;
    this.acquisition = new Acquisition(spec, device, guarantee);
  }

  /**
   * Sets a module up.
   *
   * @param module the sensor's from now on, unless this fails
   * @throws SensorException when it is missing or is another
   */
  public static FifoSensor open(
      FifoModule module, ReadoutSpec spec, String device, GuaranteeLevel guarantee) {
    module.setUp();
    return new FifoSensor(module, spec, device, guarantee);
  }

  @Override
  public SensorGeometry geometry() {
    return acquisition.spec().geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return guarantee;
  }

  @Override
  public Pace pace() {
    return Pace.ON_DEMAND;
  }

  @Override
  public SensorTraffic traffic() {
    return new SensorTraffic(
        acquisition.taken(), channels.get(), bytes.get(), faults.get() + module.faults());
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
        module.setUp();
        ready = true;
      }
      module.capture(() -> closed);
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

  private Readout readOut() {
    PixelReader reader = new PixelReader(module, module.format(), module.window(), geometry());
    int last = acquisition.spec().mask().channelAt(acquisition.spec().length() - 1);
    try {
      module.begin();
      return acquisition.take(channel -> {
        int value = reader.read(channel);
        channels.incrementAndGet();
        if (closed) {
          throw new SensorException("%s: is being closed".formatted(module.name()));
        }
        if (channel == last) {
          // A module that was unplugged in the meantime gave whatever the wires happened to be.
          module.requireSound();
        }
        return value;
      });
    } finally {
      bytes.set(module.clocked());
      reader.forget();
      module.rest();
    }
  }

  @Override
  public void close() {
    closed = true;
    module.stopWaiting();
    using.lock();
    try {
      module.close();
      acquisition.close();
    } finally {
      using.unlock();
    }
  }
}
