package dev.blindsight.camera.sensor.panel;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A sensor in the middle of whose exposures a test can let things happen. */
final class StagedSensor implements ReadoutSensor {
  private final Pace pace;
  private final Acquisition acquisition;
  private final Deque<Runnable> scenes = new ArrayDeque<>();
  private boolean closed;

  StagedSensor(Pace pace) {
    this.pace = pace;
    this.acquisition =
        new Acquisition(
            ReadoutSpec.corenet(new SensorGeometry(4, 4, 1), 0.5, false),
            "device",
            GuaranteeLevel.ADDRESSED);
  }

  /** What happens in the middle of the next exposure that has nothing yet. */
  StagedSensor then(Runnable scene) {
    scenes.add(scene);
    return this;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public SensorGeometry geometry() {
    return acquisition.spec().geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return GuaranteeLevel.ADDRESSED;
  }

  @Override
  public Pace pace() {
    return pace;
  }

  @Override
  public SensorTraffic traffic() {
    return new SensorTraffic(acquisition.taken(), 0, 0, 0);
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection();
  }

  @Override
  public Optional<Readout> read() {
    Runnable scene = scenes.poll();
    if (scene != null) {
      scene.run();
    }
    return Optional.of(acquisition.take(channel -> channel));
  }

  @Override
  public void close() {
    closed = true;
    acquisition.close();
  }
}
