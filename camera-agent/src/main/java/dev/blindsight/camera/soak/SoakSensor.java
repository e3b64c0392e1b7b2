package dev.blindsight.camera.soak;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Instant;
import java.util.Optional;

/** Takes the soak's readouts in their order, from any one of them on. */
final class SoakSensor implements ReadoutSensor {
  private final SoakReadouts readouts;
  private final ReadoutSpec spec;
  private final int camera;
  private final long end;
  private long next;

  /**
   * @param first the sequence number of the first readout
   * @param end that of the one that is no longer taken
   */
  SoakSensor(SoakReadouts readouts, ReadoutSpec spec, int camera, long first, long end) {
    this.readouts = readouts;
    this.spec = spec;
    this.camera = camera;
    this.next = first;
    this.end = end;
  }

  @Override
  public SensorGeometry geometry() {
    return spec.geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return GuaranteeLevel.ADDRESSED;
  }

  @Override
  public Pace pace() {
    return Pace.ON_DEMAND;
  }

  @Override
  public SensorTraffic traffic() {
    return SensorTraffic.NONE;
  }

  @Override
  public MemoryProtection protection() {
    return MemoryProtection.FULL;
  }

  @Override
  public Optional<Readout> read() {
    if (next >= end) {
      return Optional.empty();
    }
    long sequence = next++;
    byte[] values = readouts.values(readouts.which(camera, sequence)).clone();
    return Optional.of(
        new Readout(
            SoakPlan.device(camera), sequence, Instant.now(), spec.id(), guarantee(), values));
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
