package dev.blindsight.camera.sensor.board;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeListener;
import dev.blindsight.camera.sensor.SensorException;

/** A pin that something else drives. */
public final class InputPin {
  private final DigitalInput input;
  private final PinName name;

  InputPin(DigitalInput input, PinName name) {
    this.input = input;
    this.name = name;
  }

  /** Told of each new level of a pin, by a thread of the library: to be quick. */
  @FunctionalInterface
  public interface Listener {
    /** The pin has a new level. */
    void changed(boolean high);
  }

  /** An open ear; closing ends it. */
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * The level now.
   *
   * @throws SensorException one line, when the system refuses
   */
  public boolean isHigh() {
    try {
      return input.state() == DigitalState.HIGH;
    } catch (RuntimeException e) {
      throw new SensorException("%s: cannot be read (%s)".formatted(name, Contexts.reason(e)), e);
    }
  }

  /** Tells a listener of each change from now on. */
  public Listening listen(Listener listener) {
    DigitalStateChangeListener heard =
        event -> listener.changed(event.state() == DigitalState.HIGH);
    input.addListener(heard);
    return () -> input.removeListener(heard);
  }

  /** The pin and what it is for. */
  @Override
  public String toString() {
    return name.toString();
  }
}
