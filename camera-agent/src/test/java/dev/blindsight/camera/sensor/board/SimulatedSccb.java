package dev.blindsight.camera.sensor.board;

import com.pi4j.io.i2c.I2CBase;
import com.pi4j.io.i2c.I2CBusBase;
import com.pi4j.io.i2c.I2CConfig;
import com.pi4j.io.i2c.I2CProvider;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Transactions with one address of a simulated SCCB. Repeated starts are not SCCB's. */
final class SimulatedSccb extends I2CBase<SimulatedSccb.Bus> {
  private final Map<Integer, SimulatedSccbChip> chips;

  SimulatedSccb(I2CProvider provider, I2CConfig config, Map<Integer, SimulatedSccbChip> chips) {
    super(provider, config, new Bus(config));
    this.chips = chips;
  }

  private SimulatedSccbChip chip() {
    @Nullable SimulatedSccbChip chip = chips.get(config().device());
    if (chip == null) {
      throw new SimulatedSccbChip.BusError("Remote I/O error");
    }
    return chip;
  }

  @Override
  public int write(byte value) {
    chip().write(new byte[] {value});
    return 1;
  }

  @Override
  public int write(byte[] data, int offset, int length) {
    chip().write(Arrays.copyOfRange(data, offset, offset + length));
    return length;
  }

  @Override
  public int read() {
    return chip().read();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    for (int i = 0; i < length; i++) {
      buffer[offset + i] = (byte) chip().read();
    }
    return length;
  }

  @Override
  public int readRegister(int register) {
    throw repeatedStart();
  }

  @Override
  public int readRegister(byte[] register, byte[] buffer, int offset, int length) {
    throw repeatedStart();
  }

  @Override
  public int readRegister(int register, byte[] buffer, int offset, int length) {
    throw repeatedStart();
  }

  @Override
  public int writeRegister(int register, byte value) {
    return write(new byte[] {(byte) register, value}, 0, 2);
  }

  @Override
  public int writeRegister(int register, byte[] data, int offset, int length) {
    throw repeatedStart();
  }

  @Override
  public int writeRegister(byte[] register, byte[] data, int offset, int length) {
    throw repeatedStart();
  }

  private static RuntimeException repeatedStart() {
    return new SimulatedSccbChip.BusError("SCCB has no such transaction");
  }

  /** Nothing is shared here. */
  static final class Bus extends I2CBusBase {
    Bus(I2CConfig config) {
      super(config);
    }

    @Override
    public <R> R execute(com.pi4j.io.i2c.I2C i2c, Callable<R> action) {
      return _execute(i2c, action);
    }
  }
}
