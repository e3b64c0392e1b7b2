package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.i2c.I2C;
import dev.blindsight.camera.sensor.SensorException;
import java.util.concurrent.atomic.LongAdder;

/**
 * A chip with registers on an {@link I2cBus}. Addresses and contents of registers are big-endian
 * and of one width. A transfer that fails is tried again at once, as a chip may be busy for a
 * moment; the third failure is final. For one thread at a time.
 */
public final class I2cDevice implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Context context;
  private final I2C device;
  private final String name;
  private final int width;
  private final LongAdder faults;
  private final byte[] register;

  I2cDevice(Context context, I2C device, String name, int width, LongAdder faults) {
    this.context = context;
    this.device = device;
    this.name = name;
    this.width = width;
    this.faults = faults;
    this.register = new byte[width];
  }

  /** Where the chip is, for messages. */
  public String name() {
    return name;
  }

  /**
   * Reads one register.
   *
   * @return its content without sign
   * @throws SensorException when the chip does not answer
   */
  public int read(int address) {
    byte[] content = new byte[width];
    read(address, content, width);
    return bigEndian(content);
  }

  private int bigEndian(byte[] content) {
    int value = 0;
    for (byte next : content) {
      value = value << Byte.SIZE | Byte.toUnsignedInt(next);
    }
    return value;
  }

  /**
   * Reads successive registers in one transfer: the address is written, then, after a repeated
   * start, their contents are read.
   *
   * @param address the first register's
   * @param target receives {@code length} bytes from its beginning on
   * @throws SensorException when the chip does not answer
   */
  public void read(int address, byte[] target, int length) {
    toBigEndian(address, register, 0);
    transfer(() -> device.readRegister(register, target, 0, length), length);
  }

  /**
   * Writes one register.
   *
   * @throws SensorException when the chip does not answer
   */
  public void write(int address, int content) {
    byte[] bytes = new byte[2 * width];
    toBigEndian(address, bytes, 0);
    toBigEndian(content, bytes, width);
    transfer(() -> device.write(bytes, 0, bytes.length), bytes.length);
  }

  private void toBigEndian(int value, byte[] target, int offset) {
    for (int i = 0; i < width; i++) {
      target[offset + i] = (byte) (value >> (Byte.SIZE * (width - 1 - i)));
    }
  }

  /** One transfer on the bus. */
  private interface Transfer {
    /** Returns how many bytes went over. */
    int run();
  }

  private void transfer(Transfer transfer, int length) {
    for (int attempt = 1; ; attempt++) {
      Pi4JException failure;
      try {
        int done = transfer.run();
        if (done == length) {
          return;
        }
        failure = new Pi4JException("%d of %d bytes".formatted(done, length));
      } catch (Pi4JException e) {
        failure = e;
      }
      faults.increment();
      if (attempt == ATTEMPTS) {
        throw new SensorException(
            "%s: does not answer (%s): check its power, SDA and SCL, and its address with i2cdetect"
                .formatted(name, reason(failure)),
            failure);
      }
    }
  }

  /** What is at the bottom of a failure, as a rule the kernel's word for it. */
  static String reason(Throwable failure) {
    Throwable bottom = failure;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    return String.valueOf(bottom.getMessage());
  }

  /** Gives the chip back to its bus. */
  @Override
  public void close() {
    if (context.registry().exists(device.id())) {
      context.shutdown(device.id());
    }
  }
}
