package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;

/**
 * The driver of a {@link SimulatedChip}: exposes picture after picture and addresses only the kept
 * channels.
 */
final class SimulatedSensor implements LabelledSensor {
  private final SimulatedChip chip;
  private final Pictures pictures;
  private final Playback playback;
  private final Acquisition acquisition;
  private final long exposures;
  private final int kept;
  private long next;
  private volatile boolean closed;

  SimulatedSensor(
      SimulatedChip chip, Pictures pictures, Playback playback, ReadoutSpec spec, String device) {
    this.chip = chip;
    this.pictures = pictures;
    this.playback = playback;
    this.acquisition = new Acquisition(spec, device, GuaranteeLevel.ADDRESSED);
    this.kept = spec.length();
    this.exposures = playback.exposures(pictures.size());
  }

  @Override
  public SensorGeometry geometry() {
    return chip.geometry();
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
    long taken = acquisition.taken();
    return new SensorTraffic(taken, taken * kept, taken * kept, 0);
  }

  @Override
  public MemoryProtection protection() {
    return acquisition.protection();
  }

  @Override
  public Optional<Readout> read() {
    if (closed || next >= exposures) {
      return Optional.empty();
    }
    long sequence = next++;
    chip.expose(pictures.exposure(playback.picture(sequence, pictures.size())));
    try {
      return Optional.of(acquisition.take(chip::read));
    } finally {
      chip.reset();
    }
  }

  @Override
  public Optional<TrueLabel> trueLabel(long sequence) {
    return pictures.label(playback.picture(sequence, pictures.size()));
  }

  @Override
  public void close() {
    // Between exposures the chip holds nothing that would have to be overwritten.
    closed = true;
    acquisition.close();
  }
}
