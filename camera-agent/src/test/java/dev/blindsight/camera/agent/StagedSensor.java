package dev.blindsight.camera.agent;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** A sensor whose exposures are uniform light, as a test stages it. */
final class StagedSensor implements ReadoutSensor {
  /** Instead of light: this exposure fails. */
  static final int FAILURE = -1;

  private final Acquisition acquisition;
  private final ReadoutSpec spec;
  private final Pace pace;
  private final long exposures;
  private final LongUnaryOperator light;
  private long next;

  /**
   * @param exposures after which it ends
   * @param light of each exposure, 0..255, or {@link #FAILURE}
   */
  StagedSensor(ReadoutSpec spec, Pace pace, long exposures, LongUnaryOperator light) {
    this.acquisition = new Acquisition(spec, "hall", GuaranteeLevel.UNDRIVEN);
    this.spec = spec;
    this.pace = pace;
    this.exposures = exposures;
    this.light = light;
  }

  @Override
  public SensorGeometry geometry() {
    return spec.geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return GuaranteeLevel.UNDRIVEN;
  }

  @Override
  public Pace pace() {
    return pace;
  }

  @Override
  public SensorTraffic traffic() {
    long taken = acquisition.taken();
    return new SensorTraffic(taken, taken * spec.length(), taken * spec.length(), 0);
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection();
  }

  @Override
  public Optional<Readout> read() {
    if (next >= exposures) {
      return Optional.empty();
    }
    int value = (int) light.applyAsLong(next++);
    if (value == FAILURE) {
      throw new SensorException("the staged sensor is unplugged: plug it in");
    }
    return Optional.of(acquisition.take(_ -> value));
  }

  @Override
  public void close() {
    acquisition.close();
  }
}
