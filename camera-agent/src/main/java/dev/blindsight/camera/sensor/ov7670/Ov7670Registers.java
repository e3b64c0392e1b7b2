package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sets an OV7670 up. Register names and bits are those of OmniVision's OV7670/OV7171 data sheet,
 * version 1.4, table 5; the scaling registers those of its implementation guide, section 2.
 */
final class Ov7670Registers {
  /** The chip's address, 7 bits (0x42 to write, 0x43 to read). */
  static final int ADDRESS = 0x21;

  private static final int PID = 0x0A;
  private static final int VER = 0x0B;
  private static final int PRODUCT = 0x76;
  private static final int VERSION = 0x73;

  private static final int VREF = 0x03;
  private static final int COM3 = 0x0C;
  private static final int CLKRC = 0x11;
  private static final int COM7 = 0x12;
  private static final int COM10 = 0x15;
  private static final int HSTART = 0x17;
  private static final int HSTOP = 0x18;
  private static final int VSTRT = 0x19;
  private static final int VSTOP = 0x1A;
  private static final int HREF = 0x32;
  private static final int TSLB = 0x3A;
  private static final int COM13 = 0x3D;
  private static final int COM14 = 0x3E;
  private static final int COM15 = 0x40;
  private static final int SCALING_XSC = 0x70;
  private static final int SCALING_YSC = 0x71;
  private static final int SCALING_DCWCTR = 0x72;
  private static final int SCALING_PCLK_DIV = 0x73;
  private static final int RGB444 = 0x8C;
  private static final int SCALING_PCLK_DELAY = 0xA2;
  private static final int RESERVED_COLOUR = 0xB0;

  private static final int RESET = 0x80;
  private static final long RESET_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Sccb chip;

  Ov7670Registers(Sccb chip) {
    this.chip = chip;
  }

  /**
   * Resets the chip and sets it to frames of a size and format.
   *
   * @throws SensorException one line, when it does not answer or is another chip
   */
  void setUp(FrameSize size, PixelFormat format) {
    requireProduct();
    chip.write(COM7, RESET);
    LockSupport.parkNanos(RESET_NANOS);
    requireProduct();

    // A quarter of the input clock: 7.5 frames/s at 24 MHz. That leaves some milliseconds from
    // VSYNC to the first line, which a program on Linux needs, and still writes the FIFO with more
    // than the 1 MHz that its memory needs to be refreshed.
    chip.write(CLKRC, 0x03);
    chip.write(COM10, 0x00); // VSYNC high between frames, the pixel clock never pauses
    chip.write(COM3, 0x04); // scaling on
    chip.write(SCALING_XSC, 0x3A);
    chip.write(SCALING_YSC, 0x35);
    switch (size) {
      case QVGA -> {
        chip.write(COM14, 0x19);
        chip.write(SCALING_DCWCTR, 0x11);
        chip.write(SCALING_PCLK_DIV, 0xF1);
      }
      case QQVGA -> {
        chip.write(COM14, 0x1A);
        chip.write(SCALING_DCWCTR, 0x22);
        chip.write(SCALING_PCLK_DIV, 0xF2);
      }
    }
    chip.write(SCALING_PCLK_DELAY, 0x02);
    chip.write(HSTART, 0x16);
    chip.write(HSTOP, 0x04);
    chip.write(HREF, 0x24);
    chip.write(VSTRT, 0x02);
    chip.write(VSTOP, 0x7A);
    chip.write(VREF, 0x0A);
    chip.write(RGB444, 0x00);
    switch (format) {
      case YUV -> {
        chip.write(TSLB, 0x04); // with COM13 bit 0 clear: Y U Y V
        chip.write(COM13, 0xC0); // gamma, automatic saturation
        chip.write(COM15, 0xC0); // values from 0 to 255
        chip.write(COM7, 0x00);
      }
      case RGB565 -> {
        chip.write(COM13, 0xC0);
        chip.write(COM15, 0xD0); // values from 0 to 255, RGB565
        chip.write(RESERVED_COLOUR, 0x84); // undocumented; without it red and green are wrong
        chip.write(COM7, 0x04);
      }
    }
  }

  /**
   * Asks whether the chip is still there.
   *
   * @throws SensorException one line, when it does not answer or is another chip
   */
  void requireProduct() {
    int product = chip.read(PID);
    int version = chip.read(VER);
    if (product != PRODUCT || version != VERSION) {
      throw new SensorException(
          "%s says it is 0x%02x%02x, not an OV7670 (0x%02x%02x): check the module and its power"
              .formatted(chip.name(), product, version, PRODUCT, VERSION));
    }
  }
}
