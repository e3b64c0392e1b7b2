package dev.blindsight.camera.sensor.board;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProviderBase;

/** Opens input pins of a {@link SimulatedBoard}. */
final class SimulatedInputProvider extends DigitalInputProviderBase {
  private final SimulatedBoard board;

  SimulatedInputProvider(SimulatedBoard board) {
    super("simulated-digital-input", "simulated digital input");
    this.board = board;
  }

  @Override
  public DigitalInput create(DigitalInputConfig config) {
    SimulatedInput input = new SimulatedInput(board, this, config);
    context().registry().add(input);
    return input;
  }
}
