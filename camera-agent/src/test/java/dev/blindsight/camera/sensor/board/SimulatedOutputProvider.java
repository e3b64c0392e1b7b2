package dev.blindsight.camera.sensor.board;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProviderBase;

/** Opens output pins of a {@link SimulatedBoard}. */
final class SimulatedOutputProvider extends DigitalOutputProviderBase {
  private final SimulatedBoard board;

  SimulatedOutputProvider(SimulatedBoard board) {
    super("simulated-digital-output", "simulated digital output");
    this.board = board;
  }

  @Override
  public DigitalOutput create(DigitalOutputConfig config) {
    SimulatedOutput output = new SimulatedOutput(board, this, config);
    context().registry().add(output);
    return output;
  }
}
