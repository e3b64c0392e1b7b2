package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputBase;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeEvent;
import com.pi4j.io.gpio.digital.DigitalStateChangeListener;

/** An input pin of a {@link SimulatedBoard}. */
final class SimulatedInput extends DigitalInputBase {
  private final SimulatedBoard board;
  private final int line;

  SimulatedInput(SimulatedBoard board, DigitalInputProvider provider, DigitalInputConfig config) {
    super(provider, config);
    this.board = board;
    this.line = config.address();
  }

  @Override
  public DigitalInput initialize(Context context) {
    super.initialize(context);
    board.opened(line, this);
    return this;
  }

  @Override
  public DigitalState state() {
    return DigitalState.getState(board.level(line));
  }

  @Override
  public DigitalInput addListener(DigitalStateChangeListener... listener) {
    super.addListener(listener);
    board.listening(line, true);
    return this;
  }

  @Override
  public DigitalInput removeListener(DigitalStateChangeListener... listener) {
    super.removeListener(listener);
    board.listening(line, hasListenersOrBindings());
    return this;
  }

  @Override
  public DigitalInput shutdown(Context context) {
    super.shutdown(context);
    board.closed(line);
    return this;
  }

  void announce(boolean high) {
    dispatch(new DigitalStateChangeEvent<DigitalInput>(this, DigitalState.getState(high)));
  }
}
