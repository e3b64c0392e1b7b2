package dev.blindsight.camera.sensor.mlx90640;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Opens an MLX90640 on the I²C bus that is the source's location. Options: {@code low} and {@code
 * high} in degrees Celsius, {@code rate}, {@code resolution}, {@code emissivity}, {@code reflected}
 * in degrees Celsius, {@code address}.
 */
public final class Mlx90640SensorProvider implements ReadoutSensorProvider {
  private final IntFunction<I2cBus> buses;

  /** For the service loader. */
  public Mlx90640SensorProvider() {
    this(I2cBus::open);
  }

  /**
   * A provider of sensors on other buses than the machine's.
   *
   * @param buses opens the bus of a number
   */
  public Mlx90640SensorProvider(IntFunction<I2cBus> buses) {
    this.buses = buses;
  }

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "mlx90640",
        GuaranteeLevel.ADDRESSED,
        "thermal sensor, 32x24 pixels, on I2C",
        "mlx90640:1?low=15&high=40");
  }

  @Override
  public List<String> present() {
    return I2cBus.present().stream().map(bus -> "mlx90640:" + bus).toList();
  }

  @Override
  public boolean recognises(String location) {
    return false;
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    Mlx90640Settings settings = Mlx90640Settings.of(source);
    SensorGeometry geometry = spec.geometry();
    if (!geometry.equals(Mlx90640Sensor.GEOMETRY)) {
      throw new UserError(
          "sensor source \"%s\": the sensor has 32x24x1 channels, the readout spec wants %dx%dx%d: use a spec for 32x24x1"
              .formatted(source, geometry.width(), geometry.height(), geometry.channels()));
    }
    Mlx90640Sensor sensor =
        new Mlx90640Sensor(() -> buses.apply(settings.bus()), settings, spec, device);
    sensor.start();
    return sensor;
  }
}
