package dev.blindsight.camera.sensor.mlx90640;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * Against the worked example of the data sheet (3901090640, section "Calculating Object
 * Temperature"), which the simulated chip has no part in: its words of EEPROM and RAM, and the
 * values it gets from them.
 */
class CalibrationTest {
  private static final AuxiliaryWords EXAMPLE =
      new AuxiliaryWords(0x4BF2, (short) 0xFFCA, 0x1881, 0x06AF, (short) 0xCCC5);
  private static final int EXAMPLE_PIXEL = 11 * 32 + 15;
  private static final int EXAMPLE_RESOLUTION = 2;

  private final SyntheticEeprom words = new SyntheticEeprom(1);

  @Test
  void conditions_example_areItsSupplyTemperatureAndGain() {
    Conditions conditions = conditions();

    assertThat(conditions.supplyDeviation()).isCloseTo(0.018623737, within(1e-9));
    assertThat(conditions.ambient()).isCloseTo(39.18440152, within(1e-4));
    assertThat(conditions.gain()).isCloseTo(1.01753546947234, within(1e-12));
  }

  private Conditions conditions() {
    return calibration().conditions(EXAMPLE, 0, EXAMPLE_RESOLUTION);
  }

  private Calibration calibration() {
    return new Calibration(new Eeprom(words.words()));
  }

  @Test
  void compensated_examplePixel_isItsCountsWithoutOffset() {
    // Row 12 and column 16 of the example add nothing but -8 to the offset of -69, its pixel 2.
    words.put(0x2414, 0xE202);
    words.put(0x241B, 0x0202);
    words.put(Eeprom.pixelAddress(EXAMPLE_PIXEL), 0x08A0);
    words.put(0x243C, 0xF000);
    PixelCalibration pixel = calibration().pixel(EXAMPLE_PIXEL);

    assertThat(pixel.offset()).isEqualTo(-75);
    assertThat(pixel.offsetSlope()).isEqualTo(0.005126953125);
    assertThat(pixel.supplySlope()).isEqualTo(0.5);
    assertThat(calibration().compensated(0x0261, pixel, conditions()))
        .isCloseTo(700.882495690866, within(1e-3));
  }

  @Test
  void celsius_exampleCountsAndSensitivity_isItsTemperature() {
    Calibration calibration = calibration();
    Conditions conditions = new Conditions(0, 39.18440152, 1, 0);
    double sensitivity = 1.1876487360496E-7 / calibration.sensitivityFactor(conditions);
    PixelCalibration pixel = new PixelCalibration(0, sensitivity, -679.250909123826, 0, 0, 0);
    ObjectTemperature temperature =
        new ObjectTemperature(
            calibration, new SensitivityRanges(new Eeprom(words.words())), 1, Double.NaN);

    // The example stops at the rough value; the second step moves it by less than a tenth.
    assertThat(temperature.celsius(0, pixel, conditions)).isCloseTo(80.36331, within(0.1));
  }

  @Test
  void defect_goodEeprom_isNone() {
    assertThat(new Eeprom(words.words()).defect()).isEmpty();
    assertThat(calibration().defect()).isEmpty();
  }
}
