package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;

/** A simulated kernel's camera in front of the moving scene. */
public final class V4l2Stage implements Stage {
  private static final Scene SCENE = Scene.moving(40_000_000);
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(64, 48, 1), 0.1, true);

  private final SimulatedVideoDevice camera = new SimulatedVideoDevice(SCENE);
  private final ReadoutSensor sensor = camera.open("v4l2:/dev/video0", SPEC, "device");

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
    return camera.exposures();
  }

  @Override
  public View view() {
    return new View(64, 48, 1);
  }

  @Override
  public void close() {
    if (!camera.violations().isEmpty()) {
      throw new AssertionError(camera.violations());
    }
  }
}
