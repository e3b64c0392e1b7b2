package dev.blindsight.camera.sensor.board;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.IOType;
import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CProvider;
import com.pi4j.plugin.linuxfs.provider.i2c.LinuxFsI2CProvider;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One I²C bus, through Pi4J. On real hardware that is the kernel's {@code /dev/i2c-N}, opened by
 * Pi4J's linuxfs provider alone: nothing else of Pi4J is looked for or started.
 */
public final class I2cBus implements AutoCloseable {
  private static final Path DEVICES = Path.of("/dev");
  private static final Pattern NODE = Pattern.compile("i2c-(\\d{1,3})");
  private static final int LAST_BUS = 255;

  private final Context context;
  private final boolean ownsContext;
  private final int number;

  private I2cBus(Context context, boolean ownsContext, int number) {
    this.context = context;
    this.ownsContext = ownsContext;
    this.number = number;
  }

  /**
   * Opens a bus of this machine.
   *
   * @param number N of {@code /dev/i2c-N}
   * @throws UserError when there is no such bus, or this process may not use it
   */
  public static I2cBus open(int number) {
    requireUsable(DEVICES.resolve("i2c-" + number));
    try {
      Context context =
          Pi4J.newContextBuilder()
              .noAutoDetect()
              .disableShutdownHook()
              .add(LinuxFsI2CProvider.newInstance())
              .build();
      return new I2cBus(context, true, number);
    } catch (Pi4JException e) {
      throw new UserError(
          "I2C bus %d: Pi4J does not start (%s): see the log"
              .formatted(number, I2cDevice.reason(e)),
          e);
    }
  }

  /**
   * A bus of somebody else's context, which stays open.
   *
   * @param context has one provider of I²C
   */
  public static I2cBus of(Context context, int number) {
    return new I2cBus(context, false, number);
  }

  /** The numbers of this machine's buses, ascending. Looks at file names and opens nothing. */
  public static List<Integer> present() {
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(DEVICES, "i2c-*")) {
      return StreamSupport.stream(nodes.spliterator(), false)
          .flatMap(I2cBus::numberOf)
          .sorted()
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  private static Stream<Integer> numberOf(Path node) {
    Matcher matcher = NODE.matcher(String.valueOf(node.getFileName()));
    return matcher.matches() ? Stream.of(Integer.valueOf(matcher.group(1))) : Stream.empty();
  }

  /**
   * The bus that a source names as its location: {@code amg8833:1}.
   *
   * @throws UserError when the location is no bus number
   */
  public static int numberOf(SensorSource source) {
    try {
      int number = Integer.parseInt(source.location());
      if (number >= 0 && number <= LAST_BUS) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw new UserError(
        "sensor source \"%s\": \"%s\" is no I2C bus: give the N of /dev/i2c-N, as %s:1"
            .formatted(source, source.location(), source.scheme()));
  }

  static void requireUsable(Path node) {
    if (!Files.exists(node)) {
      throw new UserError(
          "%s: no such I2C bus: enable I2C (raspi-config, or dtparam=i2c_arm=on) or give another number"
              .formatted(node));
    }
    if (!Files.isReadable(node) || !Files.isWritable(node)) {
      throw new UserError(
          "%s: permission denied: add the user to group i2c, then log in again".formatted(node));
    }
  }

  /**
   * A chip on this bus. Whether it is there shows at the first transfer.
   *
   * @param address 7 bits
   * @param width bytes of a register's address, and of its content: 1 or 2
   * @param faults counts the transfers that fail
   * @throws UserError when the bus cannot be opened
   */
  public I2cDevice device(int address, int width, LongAdder faults) {
    String name = "I2C bus %d, address 0x%02x".formatted(number, address);
    try {
      I2CProvider provider = context.provider(IOType.I2C);
      I2C device =
          provider.create(
              I2C.newConfigBuilder(context)
                  .id("i2c-%d-%02x".formatted(number, address))
                  .bus(number)
                  .device(address)
                  .build());
      return new I2cDevice(context, device, name, width, faults);
    } catch (Pi4JException e) {
      throw new UserError(
          "%s: cannot be opened (%s): check that I2C is enabled and nothing else uses the chip"
              .formatted(name, I2cDevice.reason(e)),
          e);
    }
  }

  /** Closes the bus, when it was opened here. A second time it does nothing. */
  @Override
  public void close() {
    if (ownsContext && !context.isShutdown()) {
      context.shutdown();
    }
  }
}
