package dev.blindsight.camera.sensor.board;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import dev.blindsight.camera.sensor.SensorException;

/** A pin that this machine drives. */
public final class OutputPin {
  private final DigitalOutput output;
  private final PinName name;

  OutputPin(DigitalOutput output, PinName name) {
    this.output = output;
    this.name = name;
  }

  /**
   * Drives the pin.
   *
   * @throws SensorException one line, when the system refuses
   */
  public void set(boolean high) {
    try {
      output.state(high ? DigitalState.HIGH : DigitalState.LOW);
    } catch (RuntimeException e) {
      throw new SensorException("%s: cannot be set (%s)".formatted(name, Contexts.reason(e)), e);
    }
  }

  /** Drives the pin high. */
  public void high() {
    set(true);
  }

  /** Drives the pin low. */
  public void low() {
    set(false);
  }

  /** The pin and what it is for. */
  @Override
  public String toString() {
    return name.toString();
  }
}
