package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sets an OV2640 up. Register names and bits are those of OmniVision's OV2640 data sheet, version
 * 1.6, tables 12 (0xFF = 0, the signal processor) and 13 (0xFF = 1, the sensor). The compressor is
 * never used: a compressed picture has no channels that could be left out.
 */
final class Ov2640Registers {
  /** The chip's address, 7 bits (0x60 to write, 0x61 to read). */
  static final int ADDRESS = 0x30;

  private static final int BANK = 0xFF;
  private static final int PROCESSOR = 0x00;
  private static final int SENSOR = 0x01;

  // The sensor's bank.
  private static final int COM2 = 0x09;
  private static final int PIDH = 0x0A;
  private static final int PIDL = 0x0B;
  private static final int CLKRC = 0x11;
  private static final int COM7 = 0x12;
  private static final int COM8 = 0x13;
  private static final int COM9 = 0x14;
  private static final int HREFST = 0x17;
  private static final int HREFEND = 0x18;
  private static final int VSTRT = 0x19;
  private static final int VEND = 0x1A;
  private static final int REG32 = 0x32;

  // The processor's bank.
  private static final int R_BYPASS = 0x05;
  private static final int CTRLI = 0x50;
  private static final int HSIZE = 0x51;
  private static final int VSIZE = 0x52;
  private static final int XOFFL = 0x53;
  private static final int YOFFL = 0x54;
  private static final int VHYX = 0x55;
  private static final int ZMOW = 0x5A;
  private static final int ZMOH = 0x5B;
  private static final int ZMHH = 0x5C;
  private static final int CTRL2 = 0x86;
  private static final int HSIZE8 = 0xC0;
  private static final int VSIZE8 = 0xC1;
  private static final int R_DVP_SP = 0xD3;
  private static final int IMAGE_MODE = 0xDA;
  private static final int RESET = 0xE0;

  private static final int PRODUCT = 0x26;
  private static final int VERSION = 0x40;
  private static final long RESET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int SENSOR_WIDTH = 800;
  private static final int SENSOR_HEIGHT = 600;

  private final Sccb chip;

  Ov2640Registers(Sccb chip) {
    this.chip = chip;
  }

  /**
   * Resets the chip and sets it to frames of a size and format.
   *
   * @throws SensorException one line, when it does not answer or is another chip
   */
  void setUp(FrameSize size, PixelFormat format) {
    requireProduct();
    chip.write(COM7, 0x80);
    LockSupport.parkNanos(RESET_NANOS);
    requireProduct();

    chip.write(CLKRC, 0x00);
    chip.write(COM2, 0x02); // drives its outputs three times as strong
    chip.write(COM8, 0xE5); // exposure and gain by itself
    chip.write(COM9, 0x48); // gain of 8 at most
    chip.write(COM7, 0x40); // 800x600
    chip.write(HREFST, 0x11);
    chip.write(HREFEND, 0x43);
    chip.write(VSTRT, 0x00);
    chip.write(VEND, 0x4B);
    chip.write(REG32, 0x09);

    chip.write(BANK, PROCESSOR);
    chip.write(RESET, 0x04); // holds the output while it is set up
    chip.write(HSIZE8, SENSOR_WIDTH / 8);
    chip.write(VSIZE8, SENSOR_HEIGHT / 8);
    chip.write(CTRL2, 0x3D); // scaling and colour on
    chip.write(CTRLI, divided(size));
    chip.write(HSIZE, SENSOR_WIDTH / 4);
    chip.write(VSIZE, SENSOR_HEIGHT / 4);
    chip.write(XOFFL, 0x00);
    chip.write(YOFFL, 0x00);
    chip.write(VHYX, 0x00);
    chip.write(ZMOW, size.width() / 4);
    chip.write(ZMOH, size.height() / 4);
    chip.write(ZMHH, 0x00);
    chip.write(R_DVP_SP, 0x04);
    chip.write(R_BYPASS, 0x00); // through the processor
    chip.write(
        IMAGE_MODE,
        switch (format) {
          case YUV -> 0x00; // Y U Y V
          case RGB565 -> 0x08; // the upper byte first
        });
    chip.write(RESET, 0x00);
  }

  /** Both sides divided by two or by four, rounding off. */
  private static int divided(FrameSize size) {
    int shift =
        switch (size) {
          case QVGA -> 1;
          case QQVGA -> 2;
        };
    return 0x80 | shift << 3 | shift;
  }

  private void requireProduct() {
    chip.write(BANK, SENSOR);
    int product = chip.read(PIDH);
    int version = chip.read(PIDL);
    if (product != PRODUCT || (version & 0xF0) != VERSION) {
      throw new SensorException(
          "%s says it is 0x%02x%02x, not an OV2640 (0x264x): check the module and its power"
              .formatted(chip.name(), product, version));
    }
  }
}
