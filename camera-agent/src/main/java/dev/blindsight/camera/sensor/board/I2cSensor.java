package dev.blindsight.camera.sensor.board;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What drivers of sensors with addressable pixels on an I²C bus share: being set up again after a
 * failure, being closed while they wait, and the account of what was read. A driver adds how its
 * chip is set up, how it tells a new exposure, and how one pixel of it is read.
 *
 * <p>Its level is {@link GuaranteeLevel#ADDRESSED}: {@link #valueOf} is asked for kept channels
 * alone.
 */
public abstract class I2cSensor implements ReadoutSensor {
  private final Supplier<I2cBus> buses;
  private final int address;
  private final int width;
  private final ReadoutSpec spec;
  private final Acquisition acquisition;
  private final LongAdder channels = new LongAdder();
  private final LongAdder busBytes = new LongAdder();
  private final LongAdder faults = new LongAdder();

  /** Fair, or a caller who reads without pause would keep {@link #close()} out. */
  private final ReentrantLock lock = new ReentrantLock(true);

  private final Condition closing = lock.newCondition();
  private volatile boolean closed;
  private @Nullable I2cBus bus;
  private @Nullable I2cDevice chip;

  /**
   * @param buses opens the bus, anew after each failure
   * @param address the chip's, 7 bits
   * @param width bytes of the chip's register addresses and of their contents: 1 or 2
   * @param spec its geometry is the chip's
   * @param device the name the readouts carry
   */
  protected I2cSensor(
      Supplier<I2cBus> buses, int address, int width, ReadoutSpec spec, String device) {
    this.buses = buses;
    this.address = address;
    this.width = width;
    this.spec = spec;
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.ADDRESSED);
  }

  /**
   * Checks that the chip is what it should be and makes it take exposures.
   *
   * @throws SensorException when it is not, or does not answer
   */
  protected abstract void setUp(I2cDevice chip);

  /**
   * Waits, by {@link #pause}, until there is a new exposure.
   *
   * @return false when the sensor has been closed meanwhile
   * @throws SensorException when there is none in due time
   */
  protected abstract boolean awaitExposure(I2cDevice chip);

  /**
   * Reads one channel.
   *
   * @param channel a kept channel; ascending within an exposure
   * @return 0..255
   * @throws SensorException when the chip does not answer
   */
  protected abstract int valueOf(I2cDevice chip, int channel);

  /** Puts pixels that were read to the account. */
  protected final void countPixels(int pixels, int bytes) {
    channels.add(pixels);
    busBytes.add(bytes);
  }

  /** Puts something that went wrong to the account; failed transfers are there already. */
  protected final void countFault() {
    faults.increment();
  }

  /**
   * Waits.
   *
   * @param nanoseconds how long; 0 or less does not wait
   * @return false, at once, when the sensor is closed
   * @throws SensorException when the thread is interrupted
   */
  protected final boolean pause(long nanoseconds) {
    long left = nanoseconds;
    try {
      while (left > 0 && !closed) {
        left = closing.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SensorException("interrupted while waiting for an exposure", e);
    }
    return !closed;
  }

  /**
   * Sets the chip up for the first time; a sensor that cannot be is closed.
   *
   * @throws UserError one line, when the bus or the chip is missing or not usable
   */
  public final void start() {
    lock.lock();
    try {
      I2cDevice _ = connected();
    } catch (SensorException e) {
      close();
      throw new UserError(String.valueOf(e.getMessage()), e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final Optional<Readout> read() {
    lock.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      I2cDevice connected = connected();
      return awaitExposure(connected)
          ? Optional.of(acquisition.take(channel -> valueOf(connected, channel)))
          : Optional.empty();
    } catch (SensorException e) {
      // Whatever it was, the chip may have lost its settings: the next read begins with them.
      disconnect();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private I2cDevice connected() {
    if (chip != null) {
      return chip;
    }
    try {
      bus = buses.get();
      I2cDevice fresh = bus.device(address, width, faults);
      chip = fresh;
      setUp(fresh);
      return fresh;
    } catch (UserError e) {
      disconnect();
      throw new SensorException(e.getMessage(), e);
    } catch (SensorException e) {
      disconnect();
      throw e;
    }
  }

  private void disconnect() {
    if (chip != null) {
      chip.close();
      chip = null;
    }
    if (bus != null) {
      bus.close();
      bus = null;
    }
  }

  @Override
  public final SensorGeometry geometry() {
    return spec.geometry();
  }

  @Override
  public final GuaranteeLevel guarantee() {
    return GuaranteeLevel.ADDRESSED;
  }

  /** Of the registers, only pixels are counted; a transfer that failed counts as a fault alone. */
  @Override
  public final SensorTraffic traffic() {
    return new SensorTraffic(acquisition.taken(), channels.sum(), busBytes.sum(), faults.sum());
  }

  @Override
  public final MemoryProtection protection() {
    return acquisition.protection();
  }

  @Override
  public final void close() {
    closed = true;
    lock.lock();
    try {
      closing.signalAll();
      disconnect();
      acquisition.close();
    } finally {
      lock.unlock();
    }
  }
}
