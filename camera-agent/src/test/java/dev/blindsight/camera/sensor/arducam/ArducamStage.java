package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;

/** The camera on a simulated board, in front of the moving scene. */
public final class ArducamStage implements Stage {
  private static final Scene SCENE = Scene.moving(30_000_000);
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(80, 60, 1), 0.1, true);

  private final SimulatedBoard board = new SimulatedBoard();
  private final Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
  private final ReadoutSensor sensor;

  public ArducamStage() {
    this.sensor =
        ArducamSensorProvider.open(
            SensorSource.parse("arducam:0.0?lead=0"), SPEC, "device", board.context());
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
    return chip.exposure();
  }

  @Override
  public View view() {
    return new View(160, 120, 1);
  }

  @Override
  public void close() {
    board.close();
  }
}
