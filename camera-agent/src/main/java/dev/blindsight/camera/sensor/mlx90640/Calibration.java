package dev.blindsight.camera.sensor.mlx90640;

import java.util.Optional;

/**
 * The calibration of one MLX90640, restored from its EEPROM (data sheet 3901090640, section
 * "Restoring calibration data from EEPROM"; names of parameters are the data sheet's). Rows and
 * columns are counted from 0 here and from 1 there, so that its odd rows are our even ones.
 */
final class Calibration {
  private static final int COLUMNS = 32;
  private static final double REFERENCE_AMBIENT = 25;
  private static final int PTAT_BITS = 18;

  private final Eeprom eeprom;

  private final double kVdd;
  private final double vdd25;
  private final double kvPtat;
  private final double ktPtat;
  private final double vPtat25;
  private final double alphaPtat;
  private final double gain;
  private final double tgc;
  private final int resolution;
  private final double ksTa;
  private final boolean interleaved;
  private final double[] compensationAlpha = new double[2];
  private final double[] compensationOffset = new double[2];
  private final double compensationKta;
  private final double compensationKv;

  Calibration(Eeprom eeprom) {
    this.eeprom = eeprom;
    kVdd = eeprom.signedBits(0x2433, 8, 8) * 32;
    vdd25 = (eeprom.bits(0x2433, 0, 8) - 256) * 32 - 8192;
    kvPtat = eeprom.signedBits(0x2432, 10, 6) / 4096.0;
    ktPtat = eeprom.signedBits(0x2432, 0, 10) / 8.0;
    vPtat25 = eeprom.signedWord(0x2431);
    alphaPtat = eeprom.bits(0x2410, 12, 4) / 4.0 + 8;
    gain = eeprom.signedWord(0x2430);
    tgc = eeprom.signedBits(0x243C, 0, 8) / 32.0;
    resolution = eeprom.bits(0x2438, 12, 2);
    ksTa = eeprom.signedBits(0x243C, 8, 8) / 8192.0;
    interleaved = eeprom.bits(0x240A, 11, 1) == 1;

    double alphaScale = Math.scalb(1.0, -(eeprom.bits(0x2420, 12, 4) + 27));
    compensationAlpha[0] = eeprom.signedBits(0x2439, 0, 10) * alphaScale;
    compensationAlpha[1] = compensationAlpha[0] * (1 + eeprom.signedBits(0x2439, 10, 6) / 128.0);
    compensationOffset[0] = eeprom.signedBits(0x243A, 0, 10);
    // The chip is read in the chess pattern; a chip calibrated in the other one needs IL_CHESS_C1.
    compensationOffset[1] =
        compensationOffset[0]
            + eeprom.signedBits(0x243A, 10, 6)
            + (interleaved ? eeprom.signedBits(0x2435, 0, 6) / 16.0 : 0);
    compensationKta = eeprom.signedBits(0x243B, 0, 8) * ktaScale();
    compensationKv = eeprom.signedBits(0x243B, 8, 8) * kvScale();
  }

  private double ktaScale() {
    return Math.scalb(1.0, -(eeprom.bits(0x2438, 4, 4) + 8));
  }

  private double kvScale() {
    return Math.scalb(1.0, -eeprom.bits(0x2438, 8, 4));
  }

  /** What makes calculating with this calibration impossible; empty when nothing does. */
  Optional<String> defect() {
    if (kVdd == 0 || ktPtat == 0 || vPtat25 <= 0 || gain <= 0) {
      return Optional.of("its EEPROM has no supply, temperature or gain calibration");
    }
    int elements = Mlx90640Sensor.GEOMETRY.elements();
    for (int channel = 0; channel < elements; channel++) {
      if (!eeprom.isBroken(channel) && !(pixel(channel).sensitivity() > 0)) {
        return Optional.of(
            "its EEPROM gives pixel %d no sensitivity though it is not marked as failed"
                .formatted(channel));
      }
    }
    return Optional.empty();
  }

  /**
   * The circumstances of a subpage.
   *
   * @param subpage 0 or 1
   * @param measuredResolution the two bits of the control register at the measurement: 0 for 16
   *     bits to 3 for 19
   */
  Conditions conditions(AuxiliaryWords words, int subpage, int measuredResolution) {
    double supply = words.supply() * Math.scalb(1.0, resolution - measuredResolution);
    double supplyDeviation = (supply - vdd25) / kVdd;
    double ptatArt =
        words.ptat() / (words.ptat() * alphaPtat + words.vbe()) * Math.scalb(1.0, PTAT_BITS);
    double ambient =
        (ptatArt / (1 + kvPtat * supplyDeviation) - vPtat25) / ktPtat + REFERENCE_AMBIENT;
    double currentGain = gain / words.gain();
    double compensation =
        words.compensationPixel() * currentGain
            - compensationOffset[subpage]
                * (1 + compensationKta * (ambient - REFERENCE_AMBIENT))
                * (1 + compensationKv * supplyDeviation);
    return new Conditions(supplyDeviation, ambient, currentGain, compensation);
  }

  /** What belongs to one pixel. */
  PixelCalibration pixel(int channel) {
    int row = channel / COLUMNS;
    int column = channel % COLUMNS;
    int subpage = subpageOf(channel);
    return new PixelCalibration(
        subpage,
        sensitivity(channel, row, column) - tgc * compensationAlpha[subpage],
        offset(channel, row, column),
        offsetSlope(channel, row, column),
        supplySlope(row, column),
        interleaved ? patternCorrection(channel, row) : 0);
  }

  /** The subpage that holds a pixel in the chess pattern. */
  static int subpageOf(int channel) {
    return (channel / COLUMNS ^ channel) & 1;
  }

  private double sensitivity(int channel, int row, int column) {
    int counts =
        eeprom.word(0x2421)
            + (ofRow(0x2422, row) << eeprom.bits(0x2420, 8, 4))
            + (ofColumn(0x2428, column) << eeprom.bits(0x2420, 4, 4))
            + (eeprom.signedBits(Eeprom.pixelAddress(channel), 4, 6) << eeprom.bits(0x2420, 0, 4));
    return Math.scalb((double) counts, -(eeprom.bits(0x2420, 12, 4) + 30));
  }

  private double offset(int channel, int row, int column) {
    return eeprom.signedWord(0x2411)
        + (ofRow(0x2412, row) << eeprom.bits(0x2410, 8, 4))
        + (ofColumn(0x2418, column) << eeprom.bits(0x2410, 4, 4))
        + (eeprom.signedBits(Eeprom.pixelAddress(channel), 10, 6) << eeprom.bits(0x2410, 0, 4));
  }

  /** Four rows share a word, the lowest row in the lowest bits. */
  private int ofRow(int first, int row) {
    return eeprom.signedBits(first + row / 4, 4 * (row % 4), 4);
  }

  private int ofColumn(int first, int column) {
    return eeprom.signedBits(first + column / 4, 4 * (column % 4), 4);
  }

  private double offsetSlope(int channel, int row, int column) {
    int average = eeprom.signedBits(0x2436 + column % 2, row % 2 == 0 ? 8 : 0, 8);
    int own = eeprom.signedBits(Eeprom.pixelAddress(channel), 1, 3);
    return (average + (own << eeprom.bits(0x2438, 0, 4))) * ktaScale();
  }

  private double supplySlope(int row, int column) {
    // From the lowest bits up: both odd, column odd, row odd, none odd.
    int shift = (column % 2 == 0 ? 8 : 0) + (row % 2 == 0 ? 4 : 0);
    return eeprom.signedBits(0x2434, shift, 4) * kvScale();
  }

  private double patternCorrection(int channel, int row) {
    double c2 = eeprom.signedBits(0x2435, 6, 5) / 2.0;
    double c3 = eeprom.signedBits(0x2435, 11, 5) / 8.0;
    int oddRow = row % 2;
    int conversion =
        ((channel + 2) / 4 - (channel + 3) / 4 + (channel + 1) / 4 - channel / 4)
            * (1 - 2 * oddRow);
    return c3 * (2 * oddRow - 1) - c2 * conversion;
  }

  /** KsTa: how the sensitivity changes with the chip's temperature. */
  double sensitivityFactor(Conditions conditions) {
    return 1 + ksTa * (conditions.ambient() - REFERENCE_AMBIENT);
  }

  /** A pixel's counts without gain, offset and what the compensation pixel shows. */
  double compensated(int word, PixelCalibration pixel, Conditions conditions) {
    return word * conditions.gain()
        - pixel.offset()
            * (1 + pixel.offsetSlope() * (conditions.ambient() - REFERENCE_AMBIENT))
            * (1 + pixel.supplySlope() * conditions.supplyDeviation())
        + pixel.patternCorrection()
        - tgc * conditions.compensation();
  }
}
