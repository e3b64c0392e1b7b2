package dev.blindsight.camera.sensor.panel;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;

/**
 * A sensor held to what a {@link Panel} allows. An exposure during which the shutter was closed, if
 * only for a moment, is overwritten and not delivered; nor is the first one after that of a sensor
 * that exposes by itself, which may have begun before the shutter was open.
 */
final class PanelSensor implements ReadoutSensor {
  private final Panel panel;
  private final ReadoutSensor sensor;

  /** How often the shutter had been closed when the last exposure was asked for. */
  private long closings;

  PanelSensor(Panel panel, ReadoutSensor sensor) {
    this.panel = panel;
    this.sensor = sensor;
  }

  @Override
  public SensorGeometry geometry() {
    return sensor.geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return sensor.guarantee();
  }

  @Override
  public Pace pace() {
    return sensor.pace();
  }

  @Override
  public SensorTraffic traffic() {
    return sensor.traffic();
  }

  @Override
  public MemoryProtection protection() {
    return sensor.protection();
  }

  @Override
  public Optional<String> idle() {
    return panel.idle();
  }

  @Override
  public Optional<Readout> read() {
    while (true) {
      Optional<Permit> permitted = panel.begin();
      if (permitted.isEmpty()) {
        return Optional.empty();
      }
      Permit permit = permitted.get();
      boolean paused = permit.waited() || permit.closings() != closings;
      boolean stale = paused && sensor.pace() instanceof Pace.Live;
      closings = permit.closings();
      Optional<Readout> readout = expose();
      boolean open = panel.end(sensor.pace(), permit);
      if (readout.isEmpty()) {
        panel.fail();
        return readout;
      }
      if (open && !stale) {
        return readout;
      }
      readout.get().close();
    }
  }

  private Optional<Readout> expose() {
    boolean whole = false;
    try {
      Optional<Readout> readout = sensor.read();
      whole = true;
      return readout;
    } finally {
      if (!whole) {
        panel.fail();
      }
    }
  }

  @Override
  public void close() {
    panel.stop();
    sensor.close();
    panel.close();
  }
}
