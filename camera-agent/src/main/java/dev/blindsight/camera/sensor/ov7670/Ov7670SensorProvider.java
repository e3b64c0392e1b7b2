package dev.blindsight.camera.sensor.ov7670;

import com.pi4j.context.Context;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.omnivision.FifoSensor;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.List;
import java.util.function.Supplier;

/**
 * Opens an OV7670 camera module with an AL422B FIFO: {@code ov7670:1}, where 1 is the I²C bus. A
 * spec with one channel a pixel reads brightness, one with three red, green and blue. Options:
 * {@code size}, {@code timeout}, {@code oe-acts} and the pins {@code vsync}, {@code wrst}, {@code
 * wen}, {@code rrst}, {@code rck}, {@code oe}, {@code re}, {@code data}; see
 * docs/sensors/ov7670.md.
 */
public final class Ov7670SensorProvider implements ReadoutSensorProvider {
  private static final String CHIP = "OV7670";

  /** For the service loader. */
  public Ov7670SensorProvider() {}

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "ov7670",
        GuaranteeLevel.UNDRIVEN,
        "visible light, OV7670 with AL422B FIFO on GPIO and I²C",
        "ov7670:1?vsync=17&rck=24&oe=25");
  }

  @Override
  public List<String> present() {
    return Pins.present()
        ? Sccb.present().stream().map(bus -> "ov7670:" + bus).toList()
        : List.of();
  }

  @Override
  public boolean recognises(String location) {
    return false;
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    Ov7670Settings settings = Ov7670Settings.of(source, spec.geometry());
    return open(
        settings,
        () -> Sccb.open(settings.bus(), Ov7670Registers.ADDRESS, CHIP),
        Pins::open,
        spec,
        device);
  }

  /**
   * Opens a module that hangs on another context, as a simulated one.
   *
   * @param context with providers of I²C, digital inputs and outputs; left as it is
   */
  public static ReadoutSensor open(
      SensorSource source, ReadoutSpec spec, String device, Context context) {
    Ov7670Settings settings = Ov7670Settings.of(source, spec.geometry());
    return open(
        settings,
        () -> Sccb.on(context, settings.bus(), Ov7670Registers.ADDRESS, CHIP),
        () -> Pins.on(context),
        spec,
        device);
  }

  private static ReadoutSensor open(
      Ov7670Settings settings,
      Supplier<Sccb> control,
      Supplier<Pins> pins,
      ReadoutSpec spec,
      String device) {
    Sccb opened = control.get();
    boolean whole = false;
    Pins wires = null;
    try {
      wires = pins.get();
      ReadoutSensor sensor =
          FifoSensor.open(
              new Ov7670Module(settings, opened, wires), spec, device, GuaranteeLevel.UNDRIVEN);
      whole = true;
      return sensor;
    } catch (SensorException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    } finally {
      if (!whole) {
        if (wires != null) {
          wires.close();
        }
        opened.close();
      }
    }
  }
}
