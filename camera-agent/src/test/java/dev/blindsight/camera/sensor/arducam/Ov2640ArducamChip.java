package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.camera.sensor.board.SimulatedSccbChip;
import dev.blindsight.camera.sensor.board.SimulatedSpiChip;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A simulated ArduCAM Mini 2MP on a {@link SimulatedBoard}: an OV2640 on I²C, the ArduChip with its
 * FIFO on SPI.
 *
 * <p>Modelled from the OV2640 data sheet, version 1.6 (address 0x30, 0xFF chooses the bank, PIDH
 * 0x26, PIDL 0x42, COM7 bit 7 resets; ZMOW, ZMOH and ZMHH tell the size in units of four pixels,
 * IMAGE_MODE the format) and ArduCAM's hardware application note, section 3 (bit 7 of a register's
 * number writes it; 0x00 test; 0x04 clears, starts and rewinds; 0x41 bit 3 done; 0x42 to 0x44
 * length; 0x3C burst, which goes on where the last one ended). Some bytes more than a frame are
 * written, as real modules do.
 *
 * <p>It keeps no frame: each byte is asked of the scene when it is clocked out.
 */
public final class Ov2640ArducamChip implements SimulatedSccbChip {
  /** The sensor's address on I²C. */
  public static final int ADDRESS = 0x30;

  private static final int POLLS_UNTIL_DONE = 2;
  private static final int TRAILING_BYTES = 8;

  private final Scene scene;
  private final int lead;
  private final int[][] registers = new int[2][256];
  private final BitSet clocked = new BitSet();

  private int bank;
  private int selected;
  private int product = 0x26;
  private int refusals;
  private boolean unplugged;
  private boolean never;
  private int lengthError;
  private int transfersUntilFailure = Integer.MAX_VALUE;

  private int test;
  private int polls;
  private boolean started;
  private long exposure = -1;
  private int pointer;
  private int command = -1;
  private int position;
  private long clockedBytes;
  private int longestBurst;

  /**
   * A module on a board.
   *
   * @param chipSelect on SPI
   * @param lead bytes before the first pixel
   */
  public Ov2640ArducamChip(SimulatedBoard board, int chipSelect, Scene scene, int lead) {
    this.scene = scene;
    this.lead = lead;
    reset();
    board.sccb(ADDRESS, this);
    board.spi(chipSelect, new Spi());
  }

  /** Makes the sensor another chip. */
  public synchronized void pretend(int product) {
    this.product = product;
  }

  /** Makes the sensor refuse as many transactions. */
  public synchronized void refuse(int transactions) {
    refusals = transactions;
  }

  /** Takes it off the board: I²C is not answered, MISO stays high. */
  public synchronized void unplug() {
    unplugged = true;
  }

  /** Puts it back, as after power-on. */
  public synchronized void plugIn() {
    unplugged = false;
    reset();
  }

  /** Lets no exposure be done. */
  public synchronized void neverDone(boolean never) {
    this.never = never;
  }

  /** Tells a length that is wrong by as much. */
  public synchronized void lengthError(int bytes) {
    lengthError = bytes;
  }

  /** Makes the controller fail each transfer after as many. */
  public synchronized void failAfter(int transfers) {
    transfersUntilFailure = transfers;
  }

  /** The exposure in the FIFO; -1 when there is none. */
  public synchronized long exposure() {
    return exposure;
  }

  /** Which bytes of the FIFO were clocked out. */
  public synchronized BitSet clocked() {
    return (BitSet) clocked.clone();
  }

  /** How many bytes of the FIFO were clocked out, in all exposures. */
  public synchronized long clockedBytes() {
    return clockedBytes;
  }

  /** The most bytes of the FIFO that one transfer clocked out. */
  public synchronized int longestBurst() {
    return longestBurst;
  }

  /** Pixels of a line, as the sensor was set to. */
  public synchronized int width() {
    return 4 * (registers[0][0x5A] | (registers[0][0x5C] & 0x03) << 8);
  }

  /** Lines, as the sensor was set to. */
  public synchronized int height() {
    return 4 * (registers[0][0x5B] | (registers[0][0x5C] & 0x04) << 6);
  }

  private void reset() {
    for (int[] bankOfRegisters : registers) {
      Arrays.fill(bankOfRegisters, 0);
    }
    // After a reset it is bypassed, which gives no picture that fits.
    registers[0][0x05] = 0x01;
    exposure = -1;
  }

  private void requireAnswer() {
    if (unplugged) {
      throw new BusError("Remote I/O error");
    }
    if (refusals > 0) {
      refusals--;
      throw new BusError("Remote I/O error");
    }
  }

  @Override
  public synchronized void write(byte[] message) {
    requireAnswer();
    selected = Byte.toUnsignedInt(message[0]);
    if (message.length < 2) {
      return;
    }
    int value = Byte.toUnsignedInt(message[1]);
    if (selected == 0xFF) {
      bank = value & 1;
    } else {
      registers[bank][selected] = value;
      if (bank == 1 && selected == 0x12 && (value & 0x80) != 0) {
        long held = exposure;
        reset();
        exposure = held;
      }
    }
  }

  @Override
  public synchronized int read() {
    requireAnswer();
    if (bank == 1 && selected == 0x0A) {
      return product;
    }
    return bank == 1 && selected == 0x0B ? 0x42 : registers[bank][selected];
  }

  private int length() {
    return lead + width() * height() * 2 + TRAILING_BYTES + lengthError;
  }

  private int byteAt(int address) {
    int index = address - lead;
    int width = width();
    if (index < 0 || exposure < 0 || index >= width * height() * 2 || registers[0][0x05] != 0) {
      return 0;
    }
    int row = index / 2 / width;
    int column = index / 2 % width;
    boolean second = index % 2 == 1;
    if ((registers[0][0xDA] & 0x0C) == 0x08) {
      int red = scene.valueAt(exposure, row, column, 0) >> 3;
      int green = scene.valueAt(exposure, row, column, 1) >> 2;
      int blue = scene.valueAt(exposure, row, column, 2) >> 3;
      return second ? (green << 5 | blue) & 0xFF : red << 3 | green >> 3;
    }
    return scene.valueAt(exposure, row, column, second ? 1 : 0);
  }

  /** The side of SPI. */
  private final class Spi implements SimulatedSpiChip {
    @Override
    public boolean fails() {
      synchronized (Ov2640ArducamChip.this) {
        return transfersUntilFailure-- <= 0;
      }
    }

    @Override
    public void select() {
      synchronized (Ov2640ArducamChip.this) {
        command = -1;
        position = 0;
      }
    }

    @Override
    public void deselect() {}

    @Override
    public int exchange(int sent) {
      synchronized (Ov2640ArducamChip.this) {
        if (unplugged) {
          return 0xFF;
        }
        if (command < 0) {
          command = sent;
          return 0;
        }
        position++;
        if ((command & 0x80) != 0) {
          set(command & 0x7F, sent);
          return 0;
        }
        return command == 0x3C ? next() : get(command);
      }
    }

    private int next() {
      longestBurst = Math.max(longestBurst, position);
      clocked.set(pointer);
      clockedBytes++;
      return byteAt(pointer++);
    }

    private void set(int register, int value) {
      switch (register) {
        case 0x00 -> test = value;
        case 0x04 -> control(value);
        default -> throw new IllegalStateException("register " + register + " is written");
      }
    }

    private void control(int value) {
      if ((value & 0x01) != 0) {
        started = false;
      }
      if ((value & 0x02) != 0) {
        started = true;
        polls = 0;
        exposure++;
      }
      if ((value & 0x10) != 0) {
        pointer = 0;
      }
    }

    private int get(int register) {
      return switch (register) {
        case 0x00 -> test;
        case 0x41 -> !never && started && ++polls > POLLS_UNTIL_DONE ? 0x08 : 0x00;
        case 0x42 -> length() & 0xFF;
        case 0x43 -> length() >> 8 & 0xFF;
        case 0x44 -> length() >> 16 & 0x7F;
        default -> throw new IllegalStateException("register " + register + " is read");
      };
    }
  }
}
