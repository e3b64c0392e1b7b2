package dev.blindsight.camera.sensor.ov7670;

import java.util.BitSet;

/**
 * A simulated AL422B (AverLogic, AL422B data sheet, sections 6 and 8): 393,216 bytes; RRST low at a
 * rising edge of RCK takes the read pointer to byte 0; with RE low each further rising edge takes
 * the next byte to the output register, whatever OE is; OE high makes the outputs high impedance
 * from the next rising edge of RCK on, or at once if it was made so. WRST low takes the write
 * pointer to byte 0; frames are written while WEN is high.
 *
 * <p>It keeps no frame: it knows which exposures were written and asks for each byte when it is
 * read. It counts what it drives, from the chip's side.
 */
public final class Al422bFifo {
  /** Bytes. */
  public static final int CAPACITY = 393_216;

  private static final int NOTHING = -1;

  /** The bytes a sensor puts out. */
  @FunctionalInterface
  public interface Frames {
    /**
     * One byte of a frame.
     *
     * @return 0..255
     */
    int byteAt(long exposure, int index);
  }

  private final boolean immediate;
  private final Frames frames;
  private final BitSet driven = new BitSet();
  private final BitSet clockedWithOutputEnableLow = new BitSet();
  private long drivenBytes;
  private long clockedBytes;
  private long floatingReads;

  private boolean writeEnable;
  private int writePointer;
  private long firstExposure = NOTHING;
  private int frameBytes = 1;

  private boolean readReset = true;
  private boolean readClock;
  private boolean outputEnable = true;
  private boolean readEnable;
  private boolean outputsOn;
  private int next;
  private int register = NOTHING;

  /**
   * @param immediate whether OE acts at once, not at the next rising edge of RCK
   * @param frames the sensor's bytes
   */
  public Al422bFifo(boolean immediate, Frames frames) {
    this.immediate = immediate;
    this.frames = frames;
  }

  /** WRST, active low. */
  public synchronized void writeReset(boolean high) {
    if (!high) {
      writePointer = 0;
      firstExposure = NOTHING;
    }
  }

  /** WEN, active high. */
  public synchronized void writeEnable(boolean high) {
    writeEnable = high;
  }

  /** The sensor puts out a frame, which is written if WEN is high. */
  public synchronized void frame(long exposure, int bytes) {
    if (!writeEnable) {
      return;
    }
    if (writePointer == 0) {
      firstExposure = exposure;
      frameBytes = bytes;
    }
    writePointer = Math.min(writePointer + bytes, CAPACITY);
  }

  /** The exposure that begins at byte 0; -1 when there is none. */
  public synchronized long exposure() {
    return firstExposure;
  }

  /** RRST, active low. */
  public synchronized void readReset(boolean high) {
    readReset = high;
  }

  /** RE, active low; low unless it is wired. */
  public synchronized void readEnable(boolean high) {
    readEnable = high;
  }

  /** OE, active low. */
  public synchronized void outputEnable(boolean high) {
    outputEnable = high;
    if (immediate) {
      outputsOn = !high;
      countDriven();
    }
  }

  /** RCK. */
  public synchronized void readClock(boolean high) {
    boolean rises = high && !readClock;
    readClock = high;
    if (!rises) {
      return;
    }
    outputsOn = !outputEnable;
    if (!readReset) {
      next = 0;
      register = NOTHING;
    } else if (!readEnable) {
      register = next;
      next = (next + 1) % CAPACITY;
      clockedBytes++;
      if (!outputEnable) {
        clockedWithOutputEnableLow.set(register);
      }
    }
    countDriven();
  }

  private void countDriven() {
    if (outputsOn && register != NOTHING) {
      drivenBytes++;
      driven.set(register);
    }
  }

  /** D0 to D7. What floats reads as it likes, and is counted. */
  public synchronized boolean data(int bit) {
    if (!outputsOn || register == NOTHING || register >= writePointer) {
      floatingReads++;
      return ((floatingReads * 0x9E3779B97F4A7C15L) >>> 63) == 1;
    }
    int value = frames.byteAt(firstExposure + register / frameBytes, register % frameBytes);
    return (value >> bit & 1) == 1;
  }

  /** Which bytes stood on the bus. */
  public synchronized BitSet driven() {
    return (BitSet) driven.clone();
  }

  /** Which bytes were clocked with OE low. */
  public synchronized BitSet clockedWithOutputEnableLow() {
    return (BitSet) clockedWithOutputEnableLow.clone();
  }

  /** How often a byte was put on the bus. */
  public synchronized long drivenBytes() {
    return drivenBytes;
  }

  /** How many bytes were clocked, driven or not. */
  public synchronized long clockedBytes() {
    return clockedBytes;
  }

  /** How often a data pin was read while nothing drove it. */
  public synchronized long floatingReads() {
    return floatingReads;
  }

  /** Whether the outputs drive the bus now. */
  public synchronized boolean outputsOn() {
    return outputsOn;
  }

  /** Whether frames are written now. */
  public synchronized boolean writing() {
    return writeEnable;
  }
}
