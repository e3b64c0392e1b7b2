package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.io.exception.IOAlreadyExistsException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import dev.blindsight.protocol.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * General purpose pins, numbered as the GPIO chip numbers its lines (on a Raspberry Pi the BCM
 * numbers: GPIO 17 is pin 11 of the header). Closing gives them all back, outputs first set to the
 * level they began with. One thread opens and closes; the pins themselves are for any.
 */
public final class Pins implements AutoCloseable {
  /** The highest line of a Raspberry Pi's header. */
  public static final int HIGHEST_LINE = 27;

  private static final String CHIP = "gpiochip";
  private static final Logger LOG = LoggerFactory.getLogger(Pins.class);

  private final Context context;
  private final Runnable release;
  private final Deque<String> open = new ArrayDeque<>();
  private boolean closed;

  private Pins(Context context, Runnable release) {
    this.context = context;
    this.release = release;
  }

  /**
   * The pins of this machine.
   *
   * @throws UserError one line, when it has no GPIO chip, or the user may not use it
   */
  public static Pins open() {
    return open(Path.of("/dev"));
  }

  static Pins open(Path devices) {
    requireChip(devices);
    return new Pins(GpioHardware.acquire(), GpioHardware::release);
  }

  /**
   * The pins of another context, as of simulated chips; closing leaves the context as it is.
   *
   * @param context with providers of digital inputs and outputs
   */
  public static Pins on(Context context) {
    return new Pins(context, () -> {});
  }

  /** Whether this machine has a GPIO chip at all. Looks, and touches nothing. */
  public static boolean present() {
    return !DeviceFile.present(Path.of("/dev"), CHIP).isEmpty();
  }

  private static void requireChip(Path devices) {
    List<Path> chips =
        DeviceFile.present(devices, CHIP).stream().map(n -> devices.resolve(CHIP + n)).toList();
    if (chips.isEmpty()) {
      throw new UserError(
          "%s*: there is no GPIO chip here: run this on a Raspberry Pi"
              .formatted(devices.resolve(CHIP)));
    }
    if (chips.stream().noneMatch(chip -> Files.isReadable(chip) && Files.isWritable(chip))) {
      throw DeviceFile.refused(chips.getFirst(), "gpio");
    }
  }

  /**
   * Opens a pin that this machine drives.
   *
   * @param line 0..{@value #HIGHEST_LINE}
   * @param purpose what it is wired to, for messages
   * @param high its level now, and again when it is closed
   * @throws UserError one line, when it is not free
   */
  public OutputPin output(int line, String purpose, boolean high) {
    PinName name = new PinName(line, purpose);
    DigitalState state = DigitalState.getState(high);
    DigitalOutput output =
        opened(
            name,
            () ->
                context
                    .provider(DigitalOutputProvider.class)
                    .create(
                        DigitalOutput.newConfigBuilder(context)
                            .id(name.id())
                            .address(line)
                            .initial(state)
                            .shutdown(state)
                            .build()));
    return new OutputPin(output, name);
  }

  /**
   * Opens a pin that something else drives.
   *
   * @param line 0..{@value #HIGHEST_LINE}
   * @param purpose what it is wired to, for messages
   * @param pull what holds its level while nobody drives it
   * @param debounce how long a new level must last before listeners hear of it; not negative
   * @throws UserError one line, when it is not free
   */
  public InputPin input(int line, String purpose, PullResistance pull, Duration debounce) {
    PinName name = new PinName(line, purpose);
    long microseconds = TimeUnit.NANOSECONDS.toMicros(debounce.toNanos());
    DigitalInput input =
        opened(
            name,
            () ->
                context
                    .provider(DigitalInputProvider.class)
                    .create(
                        DigitalInput.newConfigBuilder(context)
                            .id(name.id())
                            .address(line)
                            .pull(pull)
                            .debounce(microseconds, TimeUnit.MICROSECONDS)
                            .build()));
    return new InputPin(input, name);
  }

  private <T> T opened(PinName name, Supplier<T> pin) {
    if (name.line() < 0 || name.line() > HIGHEST_LINE) {
      throw new UserError(
          "%s: there is no such pin: give a number from 0 to %d".formatted(name, HIGHEST_LINE));
    }
    try {
      T opened = pin.get();
      open.push(name.id());
      return opened;
    } catch (IOAlreadyExistsException e) {
      throw new UserError("%s: the pin is in use already: give it another".formatted(name), e);
    } catch (RuntimeException | LinkageError e) {
      throw new UserError(
          "%s: the pin cannot be opened (%s): see with gpioinfo whether another program has it"
              .formatted(name, Contexts.reason(e)),
          e);
    }
  }

  /** Gives all pins back. A second time it does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (String id : open) {
      try {
        context.shutdown(id);
      } catch (RuntimeException e) {
        LOG.warn("{} could not be given back: {}", id, Contexts.reason(e));
      }
    }
    release.run();
  }
}
