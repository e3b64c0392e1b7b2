package dev.blindsight.camera.sensor.thermal;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** An option of a sensor source that is a number. */
public final class NumberOption {
  private NumberOption() {}

  /**
   * Reads an option.
   *
   * @param otherwise its value when it is not given
   * @param least the smallest value allowed
   * @param most the largest value allowed
   * @throws UserError that names the option and its range
   */
  public static double of(
      SensorSource source, String option, double otherwise, double least, double most) {
    @Nullable String text = source.options().get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      // Unlike a double, a decimal number is never infinite, not a number, or hexadecimal.
      double value = new BigDecimal(text).doubleValue();
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw new UserError(
        "sensor source \"%s\": option %s is \"%s\": give a number from %s to %s"
            .formatted(source, option, text, plain(least), plain(most)));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
