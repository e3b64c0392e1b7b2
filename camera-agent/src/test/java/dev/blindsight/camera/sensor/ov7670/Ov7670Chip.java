package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.camera.sensor.board.SimulatedSccbChip;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A simulated OV7670 camera module on a {@link SimulatedBoard}, wired as the driver's defaults say.
 *
 * <p>Modelled from the data sheet (OV7670/OV7171, version 1.4): SCCB at 0x21, PID 0x76, VER 0x73,
 * COM7 bit 7 resets all registers; COM7 bit 2 and COM15 bits 5:4 choose YUV or RGB565; COM3 bit 2,
 * COM14 and SCALING_DCWCTR the size; TSLB bit 3 which byte of YUV comes first; VSYNC is high
 * between frames, each of which goes to the FIFO. Frames follow one another while somebody listens
 * to VSYNC; a frame begins as soon as WEN has changed, for a simulated chip need not be faster than
 * the driver.
 */
public final class Ov7670Chip implements SimulatedSccbChip, AutoCloseable {
  /** The chip's address on I²C. */
  public static final int ADDRESS = 0x21;

  private static final int VSYNC = 17;
  private static final List<Integer> DATA = List.of(5, 6, 12, 13, 16, 19, 20, 26);
  private static final int COM3 = 0x0C;
  private static final int COM7 = 0x12;
  private static final int TSLB = 0x3A;
  private static final int COM14 = 0x3E;
  private static final int COM15 = 0x40;
  private static final int DCWCTR = 0x72;
  private static final long PATIENCE_SECONDS = 20;

  private final SimulatedBoard board;
  private final Scene scene;
  private final Al422bFifo fifo;
  private final int[] registers = new int[256];
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread frames;

  private int selected;
  private int product = 0x76;
  private int refusals;
  private boolean unplugged;
  private boolean still;
  private boolean listened;
  private volatile boolean verticalSync;
  private long writeEnableChanges;
  private long exposure;
  private long resets;
  private boolean closed;

  /**
   * A module on a board.
   *
   * @param immediate whether the FIFO's OE acts at once
   */
  public Ov7670Chip(SimulatedBoard board, Scene scene, boolean immediate) {
    this.board = board;
    this.scene = scene;
    this.fifo = new Al422bFifo(immediate, this::byteAt);
    reset();
    board.sccb(ADDRESS, this);
    board.wire(27, fifo::writeReset);
    board.wire(22, this::writeEnable);
    board.wire(23, fifo::readReset);
    board.wire(24, fifo::readClock);
    board.wire(25, fifo::outputEnable);
    board.source(VSYNC, () -> verticalSync);
    board.onListening(VSYNC, this::listened);
    for (int bit = 0; bit < DATA.size(); bit++) {
      int wire = bit;
      board.source(DATA.get(bit), () -> fifo.data(wire));
    }
    this.frames = Thread.ofPlatform().daemon().name("simulated-ov7670").start(this::run);
  }

  /** The memory behind the sensor. */
  public Al422bFifo fifo() {
    return fifo;
  }

  /** Also leads RE to a pin; without it RE is low. */
  public void wireReadEnable(int line) {
    board.wire(line, fifo::readEnable);
  }

  /** Makes it another chip. */
  public void pretend(int product) {
    locked(() -> this.product = product);
  }

  /** Makes it refuse as many transactions. */
  public void refuse(int transactions) {
    locked(() -> refusals = transactions);
  }

  /** Takes it off the board: it answers nothing and puts out no frames. */
  public void unplug() {
    locked(() -> unplugged = true);
  }

  /** Puts it back, its registers as after power-on. */
  public void plugIn() {
    locked(() -> {
      unplugged = false;
      reset();
    });
  }

  /** Lets VSYNC rest, as with a broken wire. */
  public void keepStill(boolean still) {
    locked(() -> this.still = still);
  }

  /** How often it was reset, power-on included. */
  public long resets() {
    lock.lock();
    try {
      return resets;
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void reset() {
    Arrays.fill(registers, 0);
    registers[TSLB] = 0x0D;
    registers[COM15] = 0xC0;
    resets++;
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
  public void write(byte[] message) {
    locked(() -> {
      requireAnswer();
      selected = Byte.toUnsignedInt(message[0]);
      if (message.length == 2) {
        registers[selected] = Byte.toUnsignedInt(message[1]);
        if (selected == COM7 && (registers[COM7] & 0x80) != 0) {
          reset();
        }
      }
    });
  }

  @Override
  public int read() {
    lock.lock();
    try {
      requireAnswer();
      return switch (selected) {
        case 0x0A -> product;
        case 0x0B -> 0x73;
        default -> registers[selected];
      };
    } finally {
      lock.unlock();
    }
  }

  private int width() {
    if ((registers[COM3] & 0x04) == 0) {
      return 640;
    }
    return switch (registers[DCWCTR] << 8 | registers[COM14]) {
      case 0x1119 -> 320;
      case 0x221A -> 160;
      default -> 640;
    };
  }

  private int byteAt(long exposure, int index) {
    int pixel = index / 2;
    int width = width();
    int row = pixel / width;
    int column = pixel % width;
    boolean second = index % 2 == 1;
    if ((registers[COM7] & 0x04) != 0 && (registers[COM15] & 0x30) == 0x10) {
      int red = scene.valueAt(exposure, row, column, 0) >> 3;
      int green = scene.valueAt(exposure, row, column, 1) >> 2;
      int blue = scene.valueAt(exposure, row, column, 2) >> 3;
      return second ? (green << 5 | blue) & 0xFF : red << 3 | green >> 3;
    }
    boolean colourFirst = (registers[TSLB] & 0x08) != 0;
    return scene.valueAt(exposure, row, column, second == colourFirst ? 0 : 1);
  }

  private void writeEnable(boolean high) {
    fifo.writeEnable(high);
    locked(() -> writeEnableChanges++);
  }

  private void listened(boolean anybody) {
    locked(() -> listened = anybody);
  }

  private void run() {
    try {
      while (true) {
        long changes;
        lock.lock();
        try {
          while (!closed && (!listened || unplugged || still)) {
            changed.await();
          }
          if (closed) {
            return;
          }
          changes = writeEnableChanges;
          verticalSync = true;
        } finally {
          lock.unlock();
        }
        board.announce(VSYNC, true);
        awaitWriteEnable(changes);
        board.announce(VSYNC, false);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitWriteEnable(long changes) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!closed && listened && writeEnableChanges == changes && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      verticalSync = false;
      if (!unplugged) {
        fifo.frame(exposure, width() * width() * 3 / 4 * 2);
      }
      exposure++;
    } finally {
      lock.unlock();
    }
  }

  /** Ends its frames. */
  @Override
  public void close() {
    locked(() -> closed = true);
    frames.interrupt();
  }
}
