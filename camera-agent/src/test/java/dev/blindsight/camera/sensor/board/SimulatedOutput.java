package dev.blindsight.camera.sensor.board;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputBase;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;

/** An output pin of a {@link SimulatedBoard}. */
final class SimulatedOutput extends DigitalOutputBase {
  private final SimulatedBoard board;
  private final int line;

  SimulatedOutput(
      SimulatedBoard board, DigitalOutputProvider provider, DigitalOutputConfig config) {
    super(provider, config);
    this.board = board;
    this.line = config.address();
  }

  @Override
  public DigitalOutput state(DigitalState state) {
    board.set(line, state == DigitalState.HIGH);
    return super.state(state);
  }
}
