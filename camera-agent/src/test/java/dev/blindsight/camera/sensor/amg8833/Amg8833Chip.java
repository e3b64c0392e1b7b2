package dev.blindsight.camera.sensor.amg8833;

import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.board.I2cChip;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A simulated AMG8833 (Panasonic AMG88 specification): register pointer that advances by itself,
 * power control (0x00), reset (0x01), frame rate (0x02), thermistor (0x0E, sign and magnitude) and
 * the 64 pixels from 0x80 on, twelve bits of two's complement in steps of 0.25 °C. In any mode but
 * normal the pixels are zero.
 *
 * <p>A pixel's register is computed when it is addressed; the chip holds no picture. It counts how
 * often each pixel's bytes were driven onto the bus.
 */
public final class Amg8833Chip implements I2cChip {
  private static final int PIXELS = 0x80;
  private static final int REGISTERS = 0x100;

  private final Scene scene;
  private final LongSupplier exposure;
  private final TemperatureRange range;
  private final AtomicLongArray driven = new AtomicLongArray(REGISTERS);
  private int pointer;
  private int powerControl;
  private int frameRate;
  private int resets;
  private int thermistor = 25 * 16;

  /**
   * @param scene 8×8×1
   * @param exposure the number of the measurement that the pixels show, at any moment
   * @param range how warm the scene's values are
   */
  public Amg8833Chip(Scene scene, LongSupplier exposure, TemperatureRange range) {
    this.scene = scene;
    this.exposure = exposure;
    this.range = range;
  }

  /** Power was away: everything is as after delivery, but asleep, for the driver must wake it. */
  public synchronized void powerCycle() {
    powerControl = 0x10;
    frameRate = 0;
  }

  /** What the thermistor's two registers hold. */
  public synchronized void thermistor(int word) {
    thermistor = word;
  }

  /** How often the chip was reset. */
  public synchronized int resets() {
    return resets;
  }

  /** Whether it was told to measure once a second only. */
  public synchronized boolean isSlow() {
    return frameRate == 1;
  }

  /** How often the byte at a register's address was driven. */
  public long timesDriven(int register) {
    return driven.get(register);
  }

  /** How many bytes of pixels were driven in all. */
  public long pixelBytesDriven() {
    long bytes = 0;
    for (int register = PIXELS; register < REGISTERS; register++) {
      bytes += driven.get(register);
    }
    return bytes;
  }

  @Override
  public synchronized void written(byte[] bytes) {
    pointer = Byte.toUnsignedInt(bytes[0]);
    for (int i = 1; i < bytes.length; i++) {
      write(pointer++, Byte.toUnsignedInt(bytes[i]));
    }
  }

  private void write(int register, int value) {
    switch (register) {
      case 0x00 -> powerControl = value;
      case 0x01 -> {
        if (value == 0x3F) {
          resets++;
          frameRate = 0;
        }
      }
      case 0x02 -> frameRate = value & 1;
      default -> {
        // The registers of interrupts and averages do not change what is measured here.
      }
    }
  }

  @Override
  public synchronized int driven() {
    int register = pointer++ & 0xFF;
    driven.incrementAndGet(register);
    return switch (register) {
      case 0x00 -> powerControl;
      case 0x02 -> frameRate;
      case 0x0E -> thermistor & 0xFF;
      case 0x0F -> thermistor >> Byte.SIZE;
      default -> register < PIXELS ? 0 : pixelByte(register - PIXELS);
    };
  }

  private int pixelByte(int index) {
    int word = powerControl == 0 ? pixel(index / 2) : 0;
    return index % 2 == 0 ? word & 0xFF : word >> Byte.SIZE & 0x0F;
  }

  /** Twelve bits of two's complement. */
  private int pixel(int number) {
    int value = scene.valueAt(exposure.getAsLong(), number / 8, number % 8, 0);
    return Math.toIntExact(Math.round(range.celsiusOf(value) * 4)) & 0xFFF;
  }
}
