package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CProvider;
import com.pi4j.plugin.linuxfs.provider.i2c.LinuxFsI2CProvider;
import com.pi4j.provider.Provider;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * OmniVision's Serial Camera Control Bus, two-wire form, on an I²C bus. It is I²C but for reading:
 * a register's number is written in a transaction of its own, ended by STOP, and the value read in
 * a second one; there is no repeated start (SCCB Functional Specification 2.2, section 3.2). For
 * one thread at a time.
 */
public final class Sccb implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Context context;
  private final boolean ownContext;
  private final I2C chip;
  private final String name;
  private final AtomicLong faults = new AtomicLong();
  private boolean closed;

  private Sccb(Context context, boolean ownContext, int bus, int address, String name) {
    this.context = context;
    this.ownContext = ownContext;
    this.name = "%s at 0x%02x of I²C bus %d".formatted(name, address, bus);
    this.chip =
        context
            .provider(I2CProvider.class)
            .create(
                I2C.newConfigBuilder(context)
                    .id("sccb-%d-%02x".formatted(bus, address))
                    .bus(bus)
                    .device(address)
                    .build());
  }

  /**
   * A chip on a bus of this machine.
   *
   * @param bus n of {@code /dev/i2c-n}
   * @param address 7 bits
   * @param name the chip's, for messages
   * @throws UserError one line, when there is no such bus, or the user may not use it
   */
  public static Sccb open(int bus, int address, String name) {
    Path device = Path.of("/dev/i2c-" + bus);
    new DeviceFile(
            device,
            "I²C bus",
            "enable I²C (sudo raspi-config nonint do_i2c 0), or give another bus",
            "i2c")
        .require();
    Context context =
        Contexts.of(
            device.toString(), () -> new Provider<?, ?, ?>[] {LinuxFsI2CProvider.newInstance()});
    try {
      return new Sccb(context, true, bus, address, name);
    } catch (RuntimeException | LinkageError e) {
      context.shutdown();
      throw new UserError(
          "%s: the bus cannot be opened (%s): see dmesg".formatted(device, Contexts.reason(e)), e);
    }
  }

  /**
   * A chip on a bus of another context, as a simulated one; closing leaves the context as it is.
   *
   * @param context with a provider of I²C
   */
  public static Sccb on(Context context, int bus, int address, String name) {
    return new Sccb(context, false, bus, address, name);
  }

  /** The numbers of this machine's I²C buses. Looks, and touches nothing. */
  public static List<String> present() {
    return DeviceFile.present(Path.of("/dev"), "i2c-");
  }

  /** The chip and its place, for messages. */
  public String name() {
    return name;
  }

  /** How many transactions were refused or failed; from any thread. */
  public long faults() {
    return faults.get();
  }

  /**
   * Reads a register.
   *
   * @param register 0..255
   * @return 0..255
   * @throws SensorException one line, when the chip does not answer, tried {@value #ATTEMPTS} times
   */
  public int read(int register) {
    for (int attempt = 1; ; attempt++) {
      try {
        chip.write((byte) register);
        int value = chip.read();
        if (value >= 0) {
          return value & 0xFF;
        }
        refused(register, attempt, null);
      } catch (SensorException e) {
        throw e;
      } catch (RuntimeException e) {
        refused(register, attempt, e);
      }
    }
  }

  /**
   * Writes a register.
   *
   * @param register 0..255
   * @param value 0..255
   * @throws SensorException one line, when the chip does not answer, tried {@value #ATTEMPTS} times
   */
  public void write(int register, int value) {
    byte[] message = {(byte) register, (byte) value};
    for (int attempt = 1; ; attempt++) {
      try {
        if (chip.write(message, 0, message.length) == message.length) {
          return;
        }
        refused(register, attempt, null);
      } catch (SensorException e) {
        throw e;
      } catch (RuntimeException e) {
        refused(register, attempt, e);
      }
    }
  }

  private void refused(int register, int attempt, @Nullable Throwable why) {
    faults.incrementAndGet();
    if (attempt == ATTEMPTS) {
      String message =
          "%s: no answer for register 0x%02x: check its power, SCL and SDA (i2cdetect shows who answers)"
              .formatted(name, register);
      throw why == null ? new SensorException(message) : new SensorException(message, why);
    }
  }

  /** Gives the bus back. A second time it does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.shutdown(chip.id());
    if (ownContext) {
      context.shutdown();
    }
  }
}
