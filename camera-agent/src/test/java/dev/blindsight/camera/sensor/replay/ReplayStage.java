package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.nio.file.Path;

/** A video that loses nothing of the moving scene. */
public final class ReplayStage implements Stage {
  private static final int EXPOSURES = 60;

  /**
   * Blank ones at the end, which flush the scene out of the buffers that it was written through.
   */
  private static final int BLANK = 2;

  private static final Scene SCENE = Scene.moving(50_000_000);
  private static final SensorGeometry GEOMETRY = new SensorGeometry(96, 64, 3);
  private static final ReadoutSpec SPEC = ReadoutSpec.corenet(GEOMETRY, 0.1, true);

  private final ReadoutSensor sensor;

  /**
   * @param folder for the video
   */
  public ReplayStage(Path folder) {
    Path video =
        FfmpegProgram.installed()
            .lossless(
                folder.resolve("scene.mkv"),
                (exposure, row, column, channel) ->
                    exposure < EXPOSURES ? SCENE.valueAt(exposure, row, column, channel) : 0,
                GEOMETRY,
                EXPOSURES + BLANK);
    this.sensor =
        ReadoutSensors.open(
            SensorSource.parse("replay:%s?loop=true".formatted(video)), SPEC, "device");
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
    return sensor.traffic().exposures() % (EXPOSURES + BLANK);
  }

  @Override
  public View view() {
    return new View(GEOMETRY.width(), GEOMETRY.height(), GEOMETRY.channels());
  }

  @Override
  public void close() {
    // The sensor is the video's only reader.
  }
}
