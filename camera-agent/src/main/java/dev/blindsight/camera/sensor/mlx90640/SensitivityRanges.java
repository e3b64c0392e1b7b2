package dev.blindsight.camera.sensor.mlx90640;

/**
 * How the sensitivity changes with the temperature of what is seen: four ranges, each with a slope
 * KsTo from its lower corner CT on (data sheet, section "Calculations for extended temperature
 * ranges").
 */
final class SensitivityRanges {
  private static final int RANGES = 4;

  private final double[] slopes = new double[RANGES];
  private final double[] corners = new double[RANGES];
  private final double[] factors = new double[RANGES];

  SensitivityRanges(Eeprom eeprom) {
    double scale = Math.scalb(1.0, -(eeprom.bits(0x243F, 0, 4) + 8));
    slopes[0] = eeprom.signedBits(0x243D, 0, 8) * scale;
    slopes[1] = eeprom.signedBits(0x243D, 8, 8) * scale;
    slopes[2] = eeprom.signedBits(0x243E, 0, 8) * scale;
    slopes[3] = eeprom.signedBits(0x243E, 8, 8) * scale;
    int step = 10 * eeprom.bits(0x243F, 12, 2);
    corners[0] = -40;
    corners[1] = 0;
    corners[2] = step * eeprom.bits(0x243F, 4, 4);
    corners[3] = corners[2] + step * eeprom.bits(0x243F, 8, 4);
    factors[0] = 1 / (1 + slopes[0] * 40);
    factors[1] = 1;
    factors[2] = 1 + slopes[1] * corners[2];
    factors[3] = factors[2] * (1 + slopes[2] * (corners[3] - corners[2]));
  }

  /** KsTo2, of the range that the calibration was made in. */
  double basicSlope() {
    return slopes[1];
  }

  /**
   * By what the sensitivity is multiplied.
   *
   * @param celsius of what is seen, roughly
   */
  double factorAt(double celsius) {
    int range = 0;
    while (range + 1 < RANGES && celsius >= corners[range + 1]) {
      range++;
    }
    return factors[range] * (1 + slopes[range] * (celsius - corners[range]));
  }
}
