package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Instant;
import java.util.Optional;

/**
 * The driver of a {@link SimulatedChip}: exposes picture after picture and addresses only the kept
 * channels.
 */
final class SimulatedSensor implements LabelledSensor {
  private final SimulatedChip chip;
  private final Pictures pictures;
  private final Playback playback;
  private final ReadoutSpec spec;
  private final String device;
  private final long exposures;
  private long next;
  private volatile boolean closed;

  SimulatedSensor(
      SimulatedChip chip, Pictures pictures, Playback playback, ReadoutSpec spec, String device) {
    this.chip = chip;
    this.pictures = pictures;
    this.playback = playback;
    this.spec = spec;
    this.device = device;
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
  public Optional<Readout> read() {
    if (closed || next >= exposures) {
      return Optional.empty();
    }
    long sequence = next++;
    chip.expose(pictures.exposure(playback.picture(sequence, pictures.size())));
    try {
      byte[] values = spec.acquire(chip::read);
      return Optional.of(
          new Readout(device, sequence, Instant.now(), spec.id(), guarantee(), values));
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
  }
}
