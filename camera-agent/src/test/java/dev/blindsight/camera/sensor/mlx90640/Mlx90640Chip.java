package dev.blindsight.camera.sensor.mlx90640;

import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.board.I2cChip;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A simulated MLX90640 (Melexis, data sheet 3901090640): words of 16 bits, the high byte first, at
 * an address pointer that advances by itself; pixels at 0x0400 to 0x06FF, auxiliary words from
 * 0x0700 on, the calibration EEPROM at 0x2400, status 0x8000 with its new-data bit and subpage,
 * control 0x800D with resolution and pattern. Subpages are measured in turn in the chess pattern; a
 * pixel keeps its last measurement until its subpage comes again.
 *
 * <p>A pixel's word is computed when it is read, from the light on it through the inverse of the
 * data sheet's calculation, rounded to a whole count; the chip holds no picture, only of which
 * exposure each subpage is. The circumstances (supply, own temperature, gain, compensation pixels)
 * are those that the auxiliary words, which are whole numbers, stand for. The calculation is
 * written apart from the driver's, with the data sheet's rows and columns from 1.
 *
 * <p>A measurement takes no time, but is told only at the second look at the status. The chip
 * counts how often each pixel's word was addressed, and how often it was driven onto the bus.
 */
public final class Mlx90640Chip implements I2cChip {
  /** What the control register holds after power comes. */
  private static final int DEFAULT_CONTROL = 0x1901;

  private static final int PIXELS = 0x0400;
  private static final int ELEMENTS = 768;
  private static final int VBE = 19_440;
  private static final int GAIN = 6272;
  private static final int COMPENSATION_0 = -56;
  private static final int COMPENSATION_1 = -60;

  private final Scene scene;
  private final LongSupplier exposure;
  private final TemperatureRange range;
  private final double emissivity;
  private final SyntheticEeprom eeprom;
  private final AtomicLongArray addressed = new AtomicLongArray(ELEMENTS);
  private final AtomicLongArray driven = new AtomicLongArray(ELEMENTS);
  private final AtomicLong pixelTransfers = new AtomicLong();
  private final long[] measured = new long[2];

  private int pointer;
  private boolean lowByte;
  private int control = DEFAULT_CONTROL;
  private int subpage = 1;
  private boolean newData;
  private boolean dead;
  private boolean stuck;
  private int ptat = 1712;
  private int supply = -13_116;

  /**
   * A chip with a calibration of its own.
   *
   * @param scene 32×24×1
   * @param exposure the number of the exposure that light falls from, asked at each measurement
   * @param range how warm the scene's values are
   * @param emissivity of all that the scene shows; 8 degrees less than the chip are mirrored in it
   * @param seed of the calibration
   */
  public Mlx90640Chip(
      Scene scene, LongSupplier exposure, TemperatureRange range, double emissivity, long seed) {
    this.scene = scene;
    this.exposure = exposure;
    this.range = range;
    this.emissivity = emissivity;
    this.eeprom = new SyntheticEeprom(seed);
  }

  /** Changes a word of the EEPROM. */
  public synchronized void eeprom(int address, int word) {
    eeprom.put(address, word);
  }

  /** A word of the EEPROM. */
  public synchronized int eeprom(int address) {
    return eeprom.word(address);
  }

  /**
   * The circumstances, as the auxiliary words at 18 bits show them.
   *
   * @param newPtat about 1700 at room temperature
   * @param newSupply about -13100 at 3.3 V
   */
  public synchronized void circumstances(int newPtat, int newSupply) {
    ptat = newPtat;
    // Divisible by four, so that it is whole at any resolution.
    supply = newSupply / 4 * 4;
  }

  /** The chip measures no more, though it answers. */
  public synchronized void stopMeasuring() {
    dead = true;
  }

  /** The chip measures the subpage it is at again and again. */
  public synchronized void stopAlternating() {
    stuck = true;
  }

  /** Power was away for a moment. */
  public synchronized void powerCycle() {
    control = DEFAULT_CONTROL;
    newData = false;
  }

  /** The control register. */
  public synchronized int control() {
    return control;
  }

  /** How often a pixel's word was addressed, whether or not it was then driven. */
  public long timesAddressed(int channel) {
    return addressed.get(channel);
  }

  /** How often a pixel's word was driven onto the bus, be it only its first byte. */
  public long timesDriven(int channel) {
    return driven.get(channel);
  }

  /** How many words of pixels were driven in all. */
  public long wordsDriven() {
    long words = 0;
    for (int channel = 0; channel < ELEMENTS; channel++) {
      words += driven.get(channel);
    }
    return words;
  }

  /** How many transfers began at a pixel's word. */
  public long pixelTransfers() {
    return pixelTransfers.get();
  }

  @Override
  public synchronized void written(byte[] bytes) {
    pointer = word(bytes, 0);
    lowByte = false;
    if (bytes.length == 4) {
      write(pointer, word(bytes, 2));
    } else if (isPixel(pointer)) {
      pixelTransfers.incrementAndGet();
      addressed.incrementAndGet(pointer - PIXELS);
    }
  }

  private static int word(byte[] bytes, int offset) {
    return Byte.toUnsignedInt(bytes[offset]) << Byte.SIZE | Byte.toUnsignedInt(bytes[offset + 1]);
  }

  private static boolean isPixel(int address) {
    return address >= PIXELS && address < PIXELS + ELEMENTS;
  }

  private void write(int address, int content) {
    switch (address) {
      case 0x8000 -> {
        if ((content & 0x0008) == 0) {
          newData = false;
        }
      }
      case 0x800D -> control = content;
      default -> {
        // Everything else is read-only or unlocked by a key first.
      }
    }
  }

  @Override
  public synchronized int driven() {
    int content = lowByte ? content(pointer) & 0xFF : content(pointer) >> Byte.SIZE & 0xFF;
    if (!lowByte && isPixel(pointer)) {
      driven.incrementAndGet(pointer - PIXELS);
    }
    if (lowByte) {
      if (pointer == 0x8000) {
        measure();
      }
      pointer++;
    }
    lowByte = !lowByte;
    return content;
  }

  /** The first look at the status finds the chip measuring, the second that it has. */
  private void measure() {
    if (dead || newData) {
      return;
    }
    newData = true;
    subpage = stuck ? subpage : 1 - subpage;
    measured[subpage] = exposure.getAsLong();
  }

  private int content(int address) {
    if (isPixel(address)) {
      return pixel(address - PIXELS) & 0xFFFF;
    }
    if (address >= 0x2400 && address < 0x2740) {
      return eeprom.word(address);
    }
    return switch (address) {
      case 0x0700 -> VBE;
      case 0x0708 -> scaled(COMPENSATION_0);
      case 0x070A -> scaled(GAIN);
      case 0x0720 -> ptat;
      case 0x0728 -> scaled(COMPENSATION_1);
      case 0x072A -> scaled(supply);
      case 0x8000 -> 0x0030 | (newData ? 0x0008 : 0) | subpage;
      case 0x800D -> control;
      default -> 0;
    };
  }

  /**
   * Twice the counts for each bit of resolution. Of the two words for the chip's own temperature
   * only the ratio counts; at 19 bits they would not fit.
   */
  private int scaled(double countsAt18Bits) {
    int resolution = control >> 10 & 3;
    return Math.toIntExact(Math.round(Math.scalb(countsAt18Bits, resolution - 2))) & 0xFFFF;
  }

  private double supplyDeviation() {
    double kVdd = eeprom.field(0x2433, 15, 8) * 32;
    double vdd25 = ((eeprom.word(0x2433) & 0xFF) - 256) * 32 - 8192;
    return (supply - vdd25) / kVdd;
  }

  private double ambient() {
    double alphaPtat = (eeprom.word(0x2410) >> 12) / 4.0 + 8;
    double art = (double) ptat / (ptat * alphaPtat + VBE) * 262_144;
    double kv = eeprom.field(0x2432, 15, 10) / 4096.0;
    double kt = eeprom.field(0x2432, 9, 0) / 8.0;
    return (art / (1 + kv * supplyDeviation()) - eeprom.word(0x2431)) / kt + 25;
  }

  /** Counts that an offset has become under these circumstances. */
  private double drifted(double offset, double kta, double kv) {
    return offset * (1 + kta * (ambient() - 25)) * (1 + kv * supplyDeviation());
  }

  private boolean calibratedInterleaved() {
    return (eeprom.word(0x240A) & 0x0800) != 0;
  }

  private double ktaScale() {
    return Math.pow(2, (eeprom.word(0x2438) >> 4 & 0xF) + 8);
  }

  private double kvScale() {
    return Math.pow(2, eeprom.word(0x2438) >> 8 & 0xF);
  }

  private double compensation(int page, double gain) {
    double offset = eeprom.field(0x243A, 9, 0);
    if (page == 1) {
      offset += eeprom.field(0x243A, 15, 10);
      if (calibratedInterleaved()) {
        offset += eeprom.field(0x2435, 5, 0) / 16.0;
      }
    }
    double raw = page == 0 ? COMPENSATION_0 : COMPENSATION_1;
    double kta = eeprom.field(0x243B, 7, 0) / ktaScale();
    double kv = eeprom.field(0x243B, 15, 8) / kvScale();
    return raw * gain - drifted(offset, kta, kv);
  }

  /** The word of a pixel: the data sheet's calculation backwards. */
  private int pixel(int channel) {
    int row = channel / 32 + 1;
    int column = channel % 32 + 1;
    int page = (row + column) % 2;
    double celsius = range.celsiusOf(scene.valueAt(measured[page], row - 1, column - 1, 0));
    double gain = (double) eeprom.word(0x2430) / GAIN;
    double tgc = eeprom.field(0x243C, 7, 0) / 32.0;
    double ksTa = eeprom.field(0x243C, 15, 8) / 8192.0;
    double alpha =
        (alpha(channel, row, column) - tgc * compensationAlpha(page))
            * (1 + ksTa * (ambient() - 25))
            * rangeFactor(celsius);
    double mirrored = kelvin4(ambient() - 8);
    double background = mirrored - (mirrored - kelvin4(ambient())) / emissivity;
    double counts =
        alpha * (kelvin4(celsius) - background) * emissivity
            + tgc * compensation(page, gain)
            + drifted(offset(channel, row, column), kta(channel, row, column), kv(row, column));
    if (calibratedInterleaved()) {
      counts -= patternCorrection(row, column);
    }
    return scaled(counts / gain);
  }

  private static double kelvin4(double celsius) {
    double kelvin = celsius + 273.15;
    return kelvin * kelvin * kelvin * kelvin;
  }

  private double alpha(int channel, int row, int column) {
    return (eeprom.word(0x2421)
            + nibble(0x2422, row) * Math.pow(2, eeprom.word(0x2420) >> 8 & 0xF)
            + nibble(0x2428, column) * Math.pow(2, eeprom.word(0x2420) >> 4 & 0xF)
            + eeprom.field(0x2440 + channel, 9, 4) * Math.pow(2, eeprom.word(0x2420) & 0xF))
        / Math.pow(2, (eeprom.word(0x2420) >> 12) + 30);
  }

  private double compensationAlpha(int page) {
    double first = eeprom.field(0x2439, 9, 0) / Math.pow(2, (eeprom.word(0x2420) >> 12) + 27);
    return page == 0 ? first : first * (1 + eeprom.field(0x2439, 15, 10) / 128.0);
  }

  private double offset(int channel, int row, int column) {
    return (short) eeprom.word(0x2411)
        + nibble(0x2412, row) * Math.pow(2, eeprom.word(0x2410) >> 8 & 0xF)
        + nibble(0x2418, column) * Math.pow(2, eeprom.word(0x2410) >> 4 & 0xF)
        + eeprom.field(0x2440 + channel, 15, 10) * Math.pow(2, eeprom.word(0x2410) & 0xF);
  }

  /** Four to a word, number 1 in the lowest bits. */
  private int nibble(int first, int number) {
    int low = (number - 1) % 4 * 4;
    return eeprom.field(first + (number - 1) / 4, low + 3, low);
  }

  private double kta(int channel, int row, int column) {
    int address = column % 2 == 1 ? 0x2436 : 0x2437;
    int shared = row % 2 == 1 ? eeprom.field(address, 15, 8) : eeprom.field(address, 7, 0);
    int own = eeprom.field(0x2440 + channel, 3, 1);
    return (shared + own * Math.pow(2, eeprom.word(0x2438) & 0xF)) / ktaScale();
  }

  private double kv(int row, int column) {
    int shared;
    if (row % 2 == 1) {
      shared = column % 2 == 1 ? eeprom.field(0x2434, 15, 12) : eeprom.field(0x2434, 7, 4);
    } else {
      shared = column % 2 == 1 ? eeprom.field(0x2434, 11, 8) : eeprom.field(0x2434, 3, 0);
    }
    return shared / kvScale();
  }

  /** Columns in fours: nothing, minus, nothing, plus; the other way round in even rows. */
  private double patternCorrection(int row, int column) {
    double c2 = eeprom.field(0x2435, 10, 6) / 2.0;
    double c3 = eeprom.field(0x2435, 15, 11) / 8.0;
    int sign = row % 2 == 1 ? 1 : -1;
    int conversion =
        switch (column % 4) {
          case 2 -> -1;
          case 0 -> 1;
          default -> 0;
        };
    return -sign * c3 - c2 * conversion * sign;
  }

  private double rangeFactor(double celsius) {
    double scale = Math.pow(2, (eeprom.word(0x243F) & 0xF) + 8);
    double below = eeprom.field(0x243D, 7, 0) / scale;
    double basic = eeprom.field(0x243D, 15, 8) / scale;
    double third = eeprom.field(0x243E, 7, 0) / scale;
    double fourth = eeprom.field(0x243E, 15, 8) / scale;
    int step = (eeprom.word(0x243F) >> 12 & 3) * 10;
    double corner3 = (eeprom.word(0x243F) >> 4 & 0xF) * step;
    double corner4 = corner3 + (eeprom.word(0x243F) >> 8 & 0xF) * step;
    if (celsius < 0) {
      return (1 + below * (celsius + 40)) / (1 + below * 40);
    }
    if (celsius < corner3) {
      return 1 + basic * celsius;
    }
    double factor3 = 1 + basic * corner3;
    if (celsius < corner4) {
      return factor3 * (1 + third * (celsius - corner3));
    }
    return factor3 * (1 + third * (corner4 - corner3)) * (1 + fourth * (celsius - corner4));
  }
}
