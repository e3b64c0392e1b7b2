package dev.blindsight.camera.sensor.board;

import com.pi4j.io.spi.Spi;
import com.pi4j.io.spi.SpiConfig;
import com.pi4j.io.spi.SpiProviderBase;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens chips of a {@link SimulatedBoard} by their SPI chip select. */
final class SimulatedSpiProvider extends SpiProviderBase {
  private final Map<Integer, SimulatedSpiChip> chips;

  SimulatedSpiProvider(Map<Integer, SimulatedSpiChip> chips) {
    super("simulated-spi", "simulated SPI");
    this.chips = chips;
  }

  @Override
  public Spi create(SpiConfig config) {
    @Nullable SimulatedSpiChip chip = chips.get(config.address());
    if (chip == null) {
      throw new IllegalStateException("nothing behind chip select " + config.address());
    }
    SimulatedSpi spi = new SimulatedSpi(this, config, chip);
    context().registry().add(spi);
    return spi;
  }
}
