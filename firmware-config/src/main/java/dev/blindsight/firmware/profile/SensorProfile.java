package dev.blindsight.firmware.profile;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code sensor} part of a device profile.
 *
 * @param source which sensor and where: {@code kind:location}, as {@code simulated:pictures/test};
 *     the kinds are those of the agent that is installed on the device
 * @param intervalMillis from one exposure to the next, 1 to 86,400,000 (a day); absent, as fast as
 *     the sensor gives them
 * @param minimumGuarantee how near the sensor the mask must act at least; a source that guarantees
 *     less is refused; absent, any will do
 */
public record SensorProfile(
    String source, @Nullable Integer intervalMillis, @Nullable GuaranteeLevel minimumGuarantee) {
  private static final int LONGEST_SOURCE = 1024;
  private static final int LONGEST_INTERVAL = 24 * 60 * 60 * 1000;
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9+.-]*:.+");

  /**
   * @throws UserError when the source names no kind or the interval is out of range
   */
  public SensorProfile {
    Texts.requireLine("source", source, LONGEST_SOURCE);
    if (!FORM.matcher(source).matches()) {
      throw new UserError(
          "source names no sensor: write kind:location, as simulated:pictures/test");
    }
    if (intervalMillis != null && (intervalMillis < 1 || intervalMillis > LONGEST_INTERVAL)) {
      throw new UserError(
          "interval_millis is %d: give a whole number from 1 to %d"
              .formatted(intervalMillis, LONGEST_INTERVAL));
    }
  }

  /** The kind of sensor that the source names. */
  public String kind() {
    return source.substring(0, source.indexOf(':'));
  }
}
