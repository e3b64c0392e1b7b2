package dev.blindsight.camera.sensor.board;

import com.pi4j.io.i2c.I2C;
import com.pi4j.io.i2c.I2CConfig;
import com.pi4j.io.i2c.I2CProviderBase;
import java.util.Map;

/** Opens chips of a {@link SimulatedBoard} by their I²C address. */
final class SimulatedTwoWireProvider extends I2CProviderBase {
  private final Map<Integer, SimulatedI2cChip> chips;

  SimulatedTwoWireProvider(Map<Integer, SimulatedI2cChip> chips) {
    super("simulated-i2c", "simulated I²C");
    this.chips = chips;
  }

  @Override
  public I2C create(I2CConfig config) {
    SimulatedI2c i2c = new SimulatedI2c(this, config, chips);
    context().registry().add(i2c);
    return i2c;
  }
}
