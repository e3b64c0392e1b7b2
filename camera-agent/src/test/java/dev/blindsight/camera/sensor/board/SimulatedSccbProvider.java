package dev.blindsight.camera.sensor.board;

import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CConfig;
import com.pi4j.io.i2c.I2CProviderBase;
import java.util.Map;

/** Opens chips of a {@link SimulatedBoard} by their I²C address. */
final class SimulatedSccbProvider extends I2CProviderBase {
  private final Map<Integer, SimulatedSccbChip> chips;

  SimulatedSccbProvider(Map<Integer, SimulatedSccbChip> chips) {
    super("simulated-sccb", "simulated SCCB");
    this.chips = chips;
  }

  @Override
  public I2C create(I2CConfig config) {
    SimulatedSccb i2c = new SimulatedSccb(this, config, chips);
    context().registry().add(i2c);
    return i2c;
  }
}
