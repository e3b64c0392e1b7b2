package dev.blindsight.camera.sensor.amg8833;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.board.I2cDevice;
import dev.blindsight.camera.sensor.board.I2cSensor;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The driver of the AMG8833 (Panasonic, "Infrared Array Sensor Grid-EYE, AMG88", register map). The
 * chip measures without being asked, 1 or 10 times a second; pixel n is at register 0x80 + 2n, the
 * low byte first, in twelve bits of two's complement and steps of 0.25 °C. Each kept pixel is read
 * by itself, and no other.
 *
 * <p>Nothing tells when a measurement is done, so the driver keeps the chip's period by its own
 * clock, and an exposure may hold pixels of two successive measurements. The chip has no
 * identification either: it is known by registers that keep what is written, and by a thermistor
 * that shows a temperature it can measure.
 */
final class Amg8833Sensor extends I2cSensor {
  static final SensorGeometry GEOMETRY = new SensorGeometry(8, 8, 1);
  private static final Pace PACE = new Pace.Live(1, 10);

  private static final int POWER_CONTROL = 0x00;
  private static final int NORMAL_MODE = 0x00;
  private static final int RESET = 0x01;
  private static final int INITIAL_RESET = 0x3F;
  private static final int FRAME_RATE = 0x02;
  private static final int ONE_A_SECOND = 0x01;
  private static final int TEN_A_SECOND = 0x00;
  private static final int THERMISTOR = 0x0E;
  private static final int PIXELS = 0x80;
  private static final int PIXEL_BYTES = 2;
  private static final double PIXEL_STEP = 0.25;
  private static final double THERMISTOR_STEP = 0.0625;

  private final TemperatureRange range;
  private final int frameRate;
  private final long period;
  private final byte[] pixel = new byte[PIXEL_BYTES];
  private long nextExposure;

  /**
   * @param period from one exposure to the next; the chip has only two, and takes the nearer
   */
  Amg8833Sensor(
      Supplier<I2cBus> buses,
      int address,
      TemperatureRange range,
      Duration period,
      ReadoutSpec spec,
      String device) {
    super(buses, address, 1, spec, device);
    this.range = range;
    this.frameRate = period.compareTo(Duration.ofMillis(500)) > 0 ? ONE_A_SECOND : TEN_A_SECOND;
    this.period = period.toNanos();
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  protected void setUp(I2cDevice chip) {
    chip.write(POWER_CONTROL, NORMAL_MODE);
    chip.write(RESET, INITIAL_RESET);
    chip.write(FRAME_RATE, frameRate);
    boolean keepsRegisters =
        chip.read(POWER_CONTROL) == NORMAL_MODE && chip.read(FRAME_RATE) == frameRate;
    if (!keepsRegisters || !isPlausible(thermistor(chip))) {
      throw new SensorException(
          "%s: another chip than an AMG8833 answers: check the address and the wiring"
              .formatted(chip.name()));
    }
    // The first two measurements after a reset are not settled.
    nextExposure = System.nanoTime() + 2 * period;
  }

  /** The chip's own temperature: eleven bits and a sign, not two's complement. */
  private static double thermistor(I2cDevice chip) {
    byte[] bytes = new byte[2];
    chip.read(THERMISTOR, bytes, bytes.length);
    int word = littleEndian(bytes);
    if (word > 0xFFF) {
      return Double.NaN;
    }
    int magnitude = word & 0x7FF;
    return ((word & 0x800) == 0 ? magnitude : -magnitude) * THERMISTOR_STEP;
  }

  private static boolean isPlausible(double celsius) {
    return celsius >= -20 && celsius <= 80;
  }

  @Override
  protected boolean awaitExposure(I2cDevice chip) {
    boolean open = pause(nextExposure - System.nanoTime());
    // Who reads late starts a new rhythm and does not catch up.
    nextExposure = System.nanoTime() + period;
    return open;
  }

  @Override
  protected int valueOf(I2cDevice chip, int channel) {
    chip.read(PIXELS + PIXEL_BYTES * channel, pixel, PIXEL_BYTES);
    countPixels(1, PIXEL_BYTES);
    int twelveBits = littleEndian(pixel) & 0xFFF;
    Arrays.fill(pixel, (byte) 0);
    int signed = twelveBits < 0x800 ? twelveBits : twelveBits - 0x1000;
    return range.valueOf(signed * PIXEL_STEP);
  }

  private static int littleEndian(byte[] bytes) {
    return Byte.toUnsignedInt(bytes[0]) | Byte.toUnsignedInt(bytes[1]) << Byte.SIZE;
  }
}
