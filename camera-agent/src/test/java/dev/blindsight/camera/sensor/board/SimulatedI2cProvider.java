package dev.blindsight.camera.sensor.board;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CBase;
import com.pi4j.io.i2c.I2CBus;
import com.pi4j.io.i2c.I2CConfig;
import com.pi4j.io.i2c.I2CProvider;
import com.pi4j.io.i2c.I2CProviderBase;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Simulated I²C buses behind Pi4J's provider interface: chips can be plugged in and unplugged, and
 * transfers go wrong as told. It answers what the linuxfs provider answers, failures wrapped alike.
 * Bus numbers are not told apart. Transfers exclude each other, as on a real bus.
 */
public final class SimulatedI2cProvider extends I2CProviderBase implements I2CProvider {
  private final Map<Integer, I2cChip> chips = new ConcurrentHashMap<>();
  private final AtomicLong transfers = new AtomicLong();
  private volatile Supplier<I2cTrouble> trouble = () -> I2cTrouble.NONE;

  public SimulatedI2cProvider() {
    super("simulated-i2c", "simulated I2C");
  }

  /** A context with this provider and nothing else; the caller shuts it down. */
  public Context newContext() {
    return Pi4J.newContextBuilder().noAutoDetect().disableShutdownHook().add(this).build();
  }

  /** Puts a chip on the bus. */
  public void plug(int address, I2cChip chip) {
    chips.put(address, chip);
  }

  /** Takes a chip off the bus. */
  public void unplug(int address) {
    chips.remove(address);
  }

  /** Asked before each transfer what befalls it. */
  public void trouble(Supplier<I2cTrouble> next) {
    trouble = next;
  }

  /** How many transfers were tried. */
  public long transfers() {
    return transfers.get();
  }

  @Override
  public I2C create(I2CConfig config) {
    SimulatedI2c device = new SimulatedI2c(this, config);
    context.registry().add(device);
    return device;
  }

  private synchronized void transfer(int address, byte[] out, byte[] in, int offset, int length) {
    transfers.incrementAndGet();
    I2cChip chip = chips.get(address);
    I2cTrouble befalls = chip == null ? I2cTrouble.NOT_ACKNOWLEDGED : trouble.get();
    if (befalls == I2cTrouble.NOT_ACKNOWLEDGED || befalls == I2cTrouble.TIMED_OUT) {
      throw failure(befalls);
    }
    Objects.requireNonNull(chip).written(out);
    for (int i = 0; i < length; i++) {
      if (befalls == I2cTrouble.BUS_ERROR && i == length / 2) {
        throw failure(befalls);
      }
      in[offset + i] = (byte) chip.driven();
    }
    if (befalls == I2cTrouble.BUS_ERROR) {
      throw failure(befalls);
    }
  }

  private static Pi4JException failure(I2cTrouble trouble) {
    return new Pi4JException(
        "Failed to execute action for device", new IOException(trouble.reason()));
  }

  /** What linuxfs does by a lock file in the kernel is done by the provider. */
  private static final class Unlocked implements I2CBus {
    @Override
    public <R> R execute(I2C device, Callable<R> action) {
      try {
        return action.call();
      } catch (Exception e) {
        throw new Pi4JException(e);
      }
    }
  }

  private static final class SimulatedI2c extends I2CBase<I2CBus> {
    private final SimulatedI2cProvider wires;

    SimulatedI2c(SimulatedI2cProvider wires, I2CConfig config) {
      super(wires, config, new Unlocked());
      this.wires = wires;
    }

    private void transfer(byte[] out, byte[] in, int offset, int length) {
      if (!isOpen()) {
        throw new Pi4JException("device is closed");
      }
      wires.transfer(device(), out, in, offset, length);
    }

    @Override
    public int readRegister(byte[] register, byte[] buffer, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, buffer.length);
      transfer(register, buffer, offset, length);
      return length;
    }

    @Override
    public int readRegister(int register, byte[] buffer, int offset, int length) {
      return readRegister(new byte[] {(byte) register}, buffer, offset, length);
    }

    @Override
    public int readRegister(int register) {
      byte[] one = new byte[1];
      readRegister(register, one, 0, 1);
      return Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int write(byte[] data, int offset, int length) {
      byte[] bytes = new byte[length];
      System.arraycopy(data, offset, bytes, 0, length);
      transfer(bytes, new byte[0], 0, 0);
      return length;
    }

    @Override
    public int write(byte data) {
      return write(new byte[] {data}, 0, 1);
    }

    @Override
    public int writeRegister(int register, byte data) {
      return write(new byte[] {(byte) register, data}, 0, 2) - 1;
    }

    @Override
    public int writeRegister(int register, byte[] data, int offset, int length) {
      return writeRegister(new byte[] {(byte) register}, data, offset, length);
    }

    @Override
    public int writeRegister(byte[] register, byte[] data, int offset, int length) {
      byte[] bytes = new byte[register.length + length];
      System.arraycopy(register, 0, bytes, 0, register.length);
      System.arraycopy(data, offset, bytes, register.length, length);
      return write(bytes, 0, bytes.length) - register.length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException("no driver here reads without an address");
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("no driver here reads without an address");
    }
  }
}
