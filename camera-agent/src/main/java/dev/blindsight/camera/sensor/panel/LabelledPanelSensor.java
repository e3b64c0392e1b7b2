package dev.blindsight.camera.sensor.panel;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;

/**
 * A {@link PanelSensor} whose pictures have labels. Readouts keep the sensor's own numbers, those
 * not delivered leave gaps, so that labels are found as without a panel.
 */
final class LabelledPanelSensor implements LabelledSensor {
  private final PanelSensor guarded;
  private final LabelledSensor labels;

  LabelledPanelSensor(PanelSensor guarded, LabelledSensor labels) {
    this.guarded = guarded;
    this.labels = labels;
  }

  @Override
  public SensorGeometry geometry() {
    return guarded.geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return guarded.guarantee();
  }

  @Override
  public Pace pace() {
    return guarded.pace();
  }

  @Override
  public SensorTraffic traffic() {
    return guarded.traffic();
  }

  @Override
  public MemoryProtection protection() {
    return guarded.protection();
  }

  @Override
  public Optional<Readout> read() {
    return guarded.read();
  }

  @Override
  public Optional<TrueLabel> trueLabel(long sequence) {
    return labels.trueLabel(sequence);
  }

  @Override
  public void close() {
    guarded.close();
  }
}
