package dev.blindsight.camera.sensor.amg8833;

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
 * Opens an AMG8833 on the I²C bus that is the source's location. Options: {@code low} and {@code
 * high} in degrees Celsius, {@code rate} 1 or 10, {@code address} 0x68 or 0x69.
 */
public final class Amg8833SensorProvider implements ReadoutSensorProvider {
  private final IntFunction<I2cBus> buses;

  /** For the service loader. */
  public Amg8833SensorProvider() {
    this(I2cBus::open);
  }

  /**
   * A provider of sensors on other buses than the machine's.
   *
   * @param buses opens the bus of a number
   */
  public Amg8833SensorProvider(IntFunction<I2cBus> buses) {
    this.buses = buses;
  }

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "amg8833",
        GuaranteeLevel.ADDRESSED,
        "thermal sensor, 8x8 pixels, on I2C",
        "amg8833:1?low=15&high=40");
  }

  @Override
  public List<String> present() {
    return I2cBus.present().stream().map(bus -> "amg8833:" + bus).toList();
  }

  @Override
  public boolean recognises(String location) {
    return false;
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    Amg8833Settings settings = Amg8833Settings.of(source);
    SensorGeometry geometry = spec.geometry();
    if (!geometry.equals(Amg8833Sensor.GEOMETRY)) {
      throw new UserError(
          "sensor source \"%s\": the sensor has 8x8x1 channels, the readout spec wants %dx%dx%d: use a spec for 8x8x1"
              .formatted(source, geometry.width(), geometry.height(), geometry.channels()));
    }
    Amg8833Sensor sensor =
        new Amg8833Sensor(
            () -> buses.apply(settings.bus()),
            settings.address(),
            settings.range(),
            settings.period(),
            spec,
            device);
    sensor.start();
    return sensor;
  }
}
