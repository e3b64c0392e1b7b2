package dev.blindsight.camera.sensor.mlx90640;

/**
 * What the EEPROM says of one pixel.
 *
 * @param subpage which of the two measurements holds it, 0 or 1
 * @param sensitivity α at 25 °C, in counts for each kelvin to the fourth, the compensation pixel's
 *     share already taken off
 * @param offset counts at 25 °C and 3.3 V
 * @param offsetSlope Kta, the offset's relative change for each kelvin of the chip
 * @param supplySlope Kv, the offset's relative change for each volt
 * @param patternCorrection counts to add, for chips that were calibrated in the other pattern
 */
record PixelCalibration(
    int subpage,
    double sensitivity,
    double offset,
    double offsetSlope,
    double supplySlope,
    double patternCorrection) {}
