package dev.blindsight.camera.sensor.thermal;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;

/**
 * The temperatures that the 256 channel values stand for, evenly spaced: 0 is {@code low} and all
 * below, 255 is {@code high} and all above.
 *
 * @param low degrees Celsius
 * @param high degrees Celsius, more than {@code low}
 */
public record TemperatureRange(double low, double high) {
  private static final int LAST = 255;

  public TemperatureRange {
    if (!(low < high)) {
      throw new IllegalArgumentException("%s to %s degrees".formatted(low, high));
    }
  }

  /**
   * The range that the options {@code low} and {@code high} of a source give.
   *
   * @param otherwise where they are not given
   * @param sensor what the sensor can measure, which neither may leave
   * @throws UserError when one is no number, out of range, or {@code low} not below {@code high}
   */
  public static TemperatureRange of(
      SensorSource source, TemperatureRange otherwise, TemperatureRange sensor) {
    double low = source.number("low", otherwise.low, sensor.low, sensor.high);
    double high = source.number("high", otherwise.high, sensor.low, sensor.high);
    if (low >= high) {
      throw new UserError(
          "sensor source \"%s\": option low is %s, high is %s: give a low below high"
              .formatted(source, low, high));
    }
    return new TemperatureRange(low, high);
  }

  /**
   * The channel value nearest to a temperature.
   *
   * @param celsius not a number becomes 0
   * @return 0..255
   */
  public int valueOf(double celsius) {
    return Math.clamp(Math.round((celsius - low) / (high - low) * LAST), 0, LAST);
  }

  /**
   * The temperature that a channel value stands for.
   *
   * @param value 0..255
   */
  public double celsiusOf(int value) {
    return low + (high - low) * value / LAST;
  }
}
