package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Path;

/** A camera program in a process of its own, in front of the moving scene. */
public final class CsiStage implements Stage {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(64, 48, 1), 0.1, true);

  private final ReadoutSensor sensor;

  /**
   * @param folder for the program
   */
  public CsiStage(Path folder) throws IOException {
    this.sensor =
        ReadoutSensors.open(
            SensorSource.parse("csi:0?program=" + SimulatedCameraProgram.script(folder)),
            SPEC,
            "device");
  }

  @Override
  public Scene scene() {
    return Scene.moving();
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
    return sensor.traffic().exposures();
  }

  @Override
  public View view() {
    return new View(64, 48, 1);
  }

  @Override
  public void close() {
    // The program ends with its sensor.
  }
}
