package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.io.spi.Spi;
import com.pi4j.io.spi.SpiMode;
import com.pi4j.io.spi.SpiProvider;
import com.pi4j.plugin.linuxfs.provider.spi.LinuxFsSpiProvider;
import com.pi4j.provider.Provider;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A chip on an SPI bus in mode 0. Chip select is low during each transfer and high between two. For
 * one thread at a time.
 */
public final class SpiBus implements AutoCloseable {
  /** What the kernel's spidev takes in one transfer, unless it is told otherwise. */
  public static final int LONGEST_TRANSFER = 4_096;

  private final Context context;
  private final boolean ownContext;
  private final Spi chip;
  private final String name;
  private final AtomicLong faults = new AtomicLong();
  private boolean closed;

  private SpiBus(
      Context context, boolean ownContext, int bus, int chipSelect, int hertz, String name) {
    this.context = context;
    this.ownContext = ownContext;
    this.name = "%s at SPI %d.%d".formatted(name, bus, chipSelect);
    this.chip =
        context
            .provider(SpiProvider.class)
            .create(
                Spi.newConfigBuilder(context)
                    .id("spi-%d-%d".formatted(bus, chipSelect))
                    .bus(bus)
                    .address(chipSelect)
                    .baud(hertz)
                    .mode(SpiMode.MODE_0)
                    .build());
  }

  /**
   * A chip on a bus of this machine.
   *
   * @param bus and {@code chipSelect}: n and m of {@code /dev/spidevn.m}
   * @param hertz the clock
   * @param name the chip's, for messages
   * @throws UserError one line, when there is no such bus, or the user may not use it
   */
  public static SpiBus open(int bus, int chipSelect, int hertz, String name) {
    Path device = Path.of("/dev/spidev%d.%d".formatted(bus, chipSelect));
    new DeviceFile(
            device,
            "SPI bus",
            "enable SPI (sudo raspi-config nonint do_spi 0), or give another bus and chip select",
            "spi")
        .require();
    Context context =
        Contexts.of(
            device.toString(), () -> new Provider<?, ?, ?>[] {LinuxFsSpiProvider.newInstance()});
    try {
      return new SpiBus(context, true, bus, chipSelect, hertz, name);
    } catch (RuntimeException | LinkageError e) {
      context.shutdown();
      throw new UserError(
          "%s: the bus cannot be opened (%s): see dmesg".formatted(device, Contexts.reason(e)), e);
    }
  }

  /**
   * A chip on a bus of another context, as a simulated one; closing leaves the context as it is.
   *
   * @param context with a provider of SPI
   */
  public static SpiBus on(Context context, int bus, int chipSelect, int hertz, String name) {
    return new SpiBus(context, false, bus, chipSelect, hertz, name);
  }

  /** Bus and chip select of this machine's SPI devices, as 0.0. Looks, and touches nothing. */
  public static List<String> present() {
    return DeviceFile.present(Path.of("/dev"), "spidev");
  }

  /** The chip and its place, for messages. */
  public String name() {
    return name;
  }

  /** How many transfers failed; from any thread. */
  public long faults() {
    return faults.get();
  }

  /**
   * Sends and receives at once.
   *
   * @param sent what the chip gets, as long as {@code received}
   * @param received what the chip answers; all zeros when this fails
   * @param length bytes of both, 1..{@value #LONGEST_TRANSFER}
   * @throws SensorException one line, when the system refuses
   */
  public void transfer(byte[] sent, byte[] received, int length) {
    boolean whole = false;
    try {
      require(chip.transfer(sent, 0, received, 0, length) == length);
      whole = true;
    } catch (SensorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    } finally {
      if (!whole) {
        Arrays.fill(received, (byte) 0);
      }
    }
  }

  /**
   * Sends, and receives nothing: the system is given no memory for the chip's answer.
   *
   * @param length bytes of {@code sent}, 1..{@value #LONGEST_TRANSFER}
   * @throws SensorException one line, when the system refuses
   */
  public void send(byte[] sent, int length) {
    try {
      require(chip.write(sent, 0, length) == length);
    } catch (SensorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private void require(boolean whole) {
    if (!whole) {
      faults.incrementAndGet();
      throw new SensorException(message("the system refused it"));
    }
  }

  private SensorException failed(RuntimeException e) {
    faults.incrementAndGet();
    return new SensorException(message(Contexts.reason(e)), e);
  }

  private String message(String reason) {
    return "%s: a transfer failed (%s): see dmesg".formatted(name, reason);
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
