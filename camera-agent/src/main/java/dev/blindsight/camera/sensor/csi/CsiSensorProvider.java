package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.linux.LinuxCalls;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;

/**
 * Opens cameras on a ribbon cable: {@code csi:0}. Options: {@code size} (width x height the program
 * writes), {@code rate} (frames a second), {@code shutter} (microseconds), {@code timeout}
 * (milliseconds), {@code program} (in place of rpicam-vid), {@code arguments} (further ones for it,
 * separated by spaces).
 */
public final class CsiSensorProvider implements ReadoutSensorProvider {
  /** For the service loader. */
  public CsiSensorProvider() {}

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "csi",
        GuaranteeLevel.DISCARDED,
        "cameras on a ribbon cable of a Raspberry Pi, through rpicam-vid",
        "csi:0?rate=10");
  }

  @Override
  public boolean recognises(String location) {
    return false;
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    CsiSettings settings = CsiSettings.of(source, spec.geometry());
    LinuxCalls.require("cameras on a ribbon cable");
    return CsiSensor.open(settings, spec, device);
  }
}
