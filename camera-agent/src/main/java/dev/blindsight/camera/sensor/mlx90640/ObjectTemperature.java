package dev.blindsight.camera.sensor.mlx90640;

/**
 * The temperature of what a pixel sees, from its counts (data sheet, section "Calculating To"): the
 * pixel is warmed by the fourth power of the object's temperature and cooled by its own. The
 * sensitivity depends on the result, so it is calculated twice: roughly, and with the sensitivity
 * of that rough value.
 */
final class ObjectTemperature {
  private static final double ZERO_CELSIUS = 273.15;

  /** What is reflected is, without better knowledge, a little cooler than the warm chip. */
  private static final double REFLECTED_BELOW_AMBIENT = 8;

  private final Calibration calibration;
  private final SensitivityRanges ranges;
  private final double emissivity;
  private final double reflected;

  /**
   * @param emissivity of what is seen, greater than 0, at most 1
   * @param reflected the temperature of what is mirrored in it, in degrees Celsius; not a number
   *     when unknown
   */
  ObjectTemperature(
      Calibration calibration, SensitivityRanges ranges, double emissivity, double reflected) {
    this.calibration = calibration;
    this.ranges = ranges;
    this.emissivity = emissivity;
    this.reflected = reflected;
  }

  /**
   * Calculates it.
   *
   * @param word the pixel's, with sign
   * @return degrees Celsius; not a number when there is no such temperature
   */
  double celsius(int word, PixelCalibration pixel, Conditions conditions) {
    double counts = calibration.compensated(word, pixel, conditions) / emissivity;
    double sensitivity = pixel.sensitivity() * calibration.sensitivityFactor(conditions);
    double background = background(conditions.ambient());
    double slope = ranges.basicSlope();
    double bend =
        slope
            * fourthRoot(Math.pow(sensitivity, 3) * counts + Math.pow(sensitivity, 4) * background);
    double rough =
        fourthRoot(counts / (sensitivity * (1 - slope * ZERO_CELSIUS) + bend) + background)
            - ZERO_CELSIUS;
    return fourthRoot(counts / (sensitivity * ranges.factorAt(rough)) + background) - ZERO_CELSIUS;
  }

  /** The radiation that reaches the pixel without the object's own, as a fourth power of kelvin. */
  private double background(double ambient) {
    double mirrored =
        fourthPower(Double.isNaN(reflected) ? ambient - REFLECTED_BELOW_AMBIENT : reflected);
    return mirrored - (mirrored - fourthPower(ambient)) / emissivity;
  }

  private static double fourthPower(double celsius) {
    return Math.pow(celsius + ZERO_CELSIUS, 4);
  }

  private static double fourthRoot(double value) {
    return Math.sqrt(Math.sqrt(value));
  }
}
