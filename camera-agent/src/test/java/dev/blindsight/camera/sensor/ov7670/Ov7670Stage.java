package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;

/** The camera on a simulated board, in front of the moving scene. */
public final class Ov7670Stage implements Stage {
  private static final Scene SCENE = Scene.moving(20_000_000);
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(80, 60, 1), 0.1, true);

  private final SimulatedBoard board = new SimulatedBoard();
  private final Ov7670Chip chip = new Ov7670Chip(board, SCENE, false);
  private final ReadoutSensor sensor;

  public Ov7670Stage() {
    this.sensor =
        Ov7670SensorProvider.open(SensorSource.parse("ov7670:1"), SPEC, "device", board.context());
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
    return chip.fifo().exposure();
  }

  @Override
  public View view() {
    return new View(160, 120, 1);
  }

  @Override
  public void close() {
    chip.close();
    board.close();
  }
}
