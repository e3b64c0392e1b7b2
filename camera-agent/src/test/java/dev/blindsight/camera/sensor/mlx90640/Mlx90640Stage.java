package dev.blindsight.camera.sensor.mlx90640;

import com.pi4j.context.Context;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.board.SimulatedI2cProvider;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.concurrent.atomic.AtomicLong;

/** An MLX90640 that looks at the moving scene: another exposure each time it is asked. */
public final class Mlx90640Stage implements Stage {
  private static final int ADDRESS = 0x33;
  private static final double EMISSIVITY = 0.95;
  private static final Scene SCENE = Scene.moving(10_000_000);
  private static final ReadoutSpec SPEC = ReadoutSpec.corenet(Mlx90640Sensor.GEOMETRY, 0.1, true);

  private final AtomicLong exposure = new AtomicLong();
  private final Context context;
  private final ReadoutSensor sensor;

  public Mlx90640Stage() {
    SimulatedI2cProvider wires = new SimulatedI2cProvider();
    // Some measurements for each exposure, as light changes more slowly than it is measured.
    wires.plug(
        ADDRESS,
        new Mlx90640Chip(
            SCENE,
            () -> exposure.getAndIncrement() / 4,
            new TemperatureRange(15, 40.5),
            EMISSIVITY,
            20_251_121));
    this.context = wires.newContext();
    this.sensor =
        new Mlx90640SensorProvider(number -> I2cBus.of(context, number))
            .open(SensorSource.parse("mlx90640:1?rate=64"), SPEC, "device");
  }

  @Override
  public Scene scene() {
    return SCENE;
  }

  @Override
  public ReadoutSpec spec() {
    return SPEC;
  }

  @Override
  public ReadoutSensor sensor() {
    return sensor;
  }

  @Override
  public long exposure() {
    return exposure.get() / 4;
  }

  @Override
  public View view() {
    return new View(32, 24, 1);
  }

  @Override
  public void close() {
    context.shutdown();
  }
}
