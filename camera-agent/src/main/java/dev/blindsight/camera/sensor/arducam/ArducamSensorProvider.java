package dev.blindsight.camera.sensor.arducam;

import com.pi4j.context.Context;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.board.SpiBus;
import dev.blindsight.camera.sensor.omnivision.FifoSensor;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.List;
import java.util.function.Supplier;

/**
 * Opens an ArduCAM Mini 2MP (OV2640): {@code arducam:0.0}, SPI bus and chip select. A spec with one
 * channel a pixel reads brightness, one with three red, green and blue. Options: {@code i2c},
 * {@code hertz}, {@code size}, {@code lead}, {@code timeout}; see docs/sensors/arducam.md.
 */
public final class ArducamSensorProvider implements ReadoutSensorProvider {
  private static final String MODULE = "ArduCAM";
  private static final String CHIP = "OV2640";

  /** For the service loader. */
  public ArducamSensorProvider() {}

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "arducam",
        GuaranteeLevel.DISCARDED,
        "visible light, ArduCAM Mini 2MP (OV2640) on SPI and I²C",
        "arducam:0.0?i2c=1");
  }

  @Override
  public List<String> present() {
    return SpiBus.present().stream().map(place -> "arducam:" + place).toList();
  }

  @Override
  public boolean recognises(String location) {
    return false;
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    ArducamSettings settings = ArducamSettings.of(source, spec.geometry());
    return open(
        settings,
        () -> Sccb.open(settings.i2cBus(), Ov2640Registers.ADDRESS, CHIP),
        () -> SpiBus.open(settings.spiBus(), settings.chipSelect(), settings.hertz(), MODULE),
        spec,
        device);
  }

  /**
   * Opens a module that hangs on another context, as a simulated one.
   *
   * @param context with providers of I²C and SPI; left as it is
   */
  public static ReadoutSensor open(
      SensorSource source, ReadoutSpec spec, String device, Context context) {
    ArducamSettings settings = ArducamSettings.of(source, spec.geometry());
    return open(
        settings,
        () -> Sccb.on(context, settings.i2cBus(), Ov2640Registers.ADDRESS, CHIP),
        () ->
            SpiBus.on(context, settings.spiBus(), settings.chipSelect(), settings.hertz(), MODULE),
        spec,
        device);
  }

  private static ReadoutSensor open(
      ArducamSettings settings,
      Supplier<Sccb> control,
      Supplier<SpiBus> bus,
      ReadoutSpec spec,
      String device) {
    SpiBus opened = bus.get();
    Sccb sccb = null;
    boolean whole = false;
    try {
      sccb = control.get();
      ReadoutSensor sensor =
          FifoSensor.open(
              new ArducamModule(settings, sccb, opened, spec),
              spec,
              device,
              GuaranteeLevel.DISCARDED);
      whole = true;
      return sensor;
    } catch (SensorException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    } finally {
      if (!whole) {
        if (sccb != null) {
          sccb.close();
        }
        opened.close();
      }
    }
  }
}
