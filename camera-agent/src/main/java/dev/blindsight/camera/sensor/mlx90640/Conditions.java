package dev.blindsight.camera.sensor.mlx90640;

/**
 * Under which circumstances one subpage was measured, from its auxiliary words.
 *
 * @param supplyDeviation volts above 3.3 V
 * @param ambient the chip's own temperature in degrees Celsius
 * @param gain by which all counts are multiplied
 * @param compensation what the subpage's compensation pixel, which sees no light, shows: counts
 *     after gain and offset
 */
record Conditions(double supplyDeviation, double ambient, double gain, double compensation) {
  /** Whether a working chip can be in such circumstances. */
  boolean isPlausible() {
    return Math.abs(supplyDeviation) < 1
        && ambient > -60
        && ambient < 150
        && gain > 0.1
        && gain < 10
        && Double.isFinite(compensation);
  }
}
