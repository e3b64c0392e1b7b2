package dev.blindsight.camera.agent;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.panel.Panel;
import dev.blindsight.camera.sensor.panel.PanelSettings;
import dev.blindsight.firmware.profile.SensorProfile;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens a device's sensor, if it guarantees as much as the device's profile asks for. */
final class SensorOpening {
  private SensorOpening() {}

  /**
   * Opens the sensor of a profile.
   *
   * @param panel lights and switches around it; absent, none
   * @param device the name the readouts carry
   * @throws UserError when it cannot be opened, or its guarantee is weaker than the profile's
   *     minimum
   */
  static ReadoutSensor open(
      SensorProfile profile, @Nullable PanelSettings panel, ReadoutSpec spec, String device) {
    ReadoutSensor sensor = ReadoutSensors.open(SensorSource.parse(profile.source()), spec, device);
    GuaranteeLevel minimum = profile.minimumGuarantee();
    if (minimum != null && !sensor.guarantee().satisfies(minimum)) {
      sensor.close();
      throw new UserError(
          "sensor.minimum_guarantee is %s, %s guarantees only %s (%s): use a sensor that guarantees more, or lower the minimum"
              .formatted(word(minimum), profile.kind(), word(sensor.guarantee()), meaning(sensor)));
    }
    return panel == null ? sensor : around(sensor, panel);
  }

  private static ReadoutSensor around(ReadoutSensor sensor, PanelSettings settings) {
    try {
      return Panel.open(settings).around(sensor);
    } catch (UserError e) {
      sensor.close();
      throw e;
    }
  }

  private static String word(GuaranteeLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static String meaning(ReadoutSensor sensor) {
    return switch (sensor.guarantee()) {
      case ADDRESSED -> "channels outside the mask never leave it";
      case UNDRIVEN -> "channels outside the mask are clocked past with its outputs off";
      case DISCARDED -> "channels outside the mask cross its bus and are not stored";
      case FRAME_IN_DRIVER -> "a whole frame exists in the driver's memory";
    };
  }
}
