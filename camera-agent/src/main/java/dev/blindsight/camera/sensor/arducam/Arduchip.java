package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.SpiBus;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The registers and the FIFO of the ArduChip, which stands between the sensor and SPI (ArduCAM Mini
 * 2MP hardware application note, section 3). A register's number has bit 7 set to write it. The
 * command 0x3C reads the FIFO in a burst; the FIFO goes on where it was when chip select goes low
 * again and the command is repeated. It can only be read from its beginning, byte by byte.
 */
final class Arduchip {
  private static final int WRITE = 0x80;
  private static final int TEST = 0x00;
  private static final int FIFO_CONTROL = 0x04;
  private static final int TRIGGER = 0x41;
  private static final int LENGTH = 0x42;
  private static final int BURST = 0x3C;

  private static final int CLEAR_DONE = 0x01;
  private static final int START = 0x02;
  private static final int REWIND = 0x10;
  private static final int DONE = 0x08;

  private static final int[] PATTERNS = {0x55, 0xAA};
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SpiBus bus;

  Arduchip(SpiBus bus) {
    this.bus = bus;
  }

  /**
   * Asks whether the chip is there and its bus sound.
   *
   * @throws SensorException one line, when what was written to its test register does not come back
   */
  void requireSound() {
    for (int pattern : PATTERNS) {
      write(TEST, pattern);
      int answer = read(TEST);
      if (answer != pattern) {
        throw new SensorException(
            "%s: its test register gives 0x%02x for 0x%02x: check MOSI, MISO, SCK, CS and the power"
                .formatted(bus.name(), answer, pattern));
      }
    }
  }

  /**
   * Lets the sensor write one frame into the FIFO.
   *
   * @param stopped whether to give up
   * @return bytes that were written
   * @throws SensorException one line, when it takes too long
   */
  int capture(Duration timeout, BooleanSupplier stopped) {
    write(FIFO_CONTROL, CLEAR_DONE);
    write(FIFO_CONTROL, START);
    long deadline = System.nanoTime() + timeout.toNanos();
    while ((read(TRIGGER) & DONE) == 0) {
      if (stopped.getAsBoolean()) {
        throw new SensorException("%s: is being closed".formatted(bus.name()));
      }
      if (System.nanoTime() - deadline > 0) {
        throw new SensorException(
            "%s: no frame within %d ms: check the module's ribbon and its power"
                .formatted(bus.name(), timeout.toMillis()));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    int length = read(LENGTH) | read(LENGTH + 1) << 8 | (read(LENGTH + 2) & 0x7F) << 16;
    write(FIFO_CONTROL, REWIND);
    return length;
  }

  /**
   * Reads the FIFO on from where it is, and keeps of that only some bytes.
   *
   * @param kept which bytes, counted from the first that is read now; all others are zero in the
   *     line at once
   */
  void read(Line line, int length, BitSet kept) {
    bus.transfer(line.command(BURST), line.received(), length + Line.COMMAND);
    line.retain(kept, length);
  }

  /** Clocks the FIFO on; what it gives is received nowhere. */
  void skip(Line line, int length) {
    bus.send(line.command(BURST), length + Line.COMMAND);
  }

  private int read(int register) {
    byte[] received = new byte[2];
    bus.transfer(new byte[] {(byte) register, 0}, received, received.length);
    return Byte.toUnsignedInt(received[1]);
  }

  private void write(int register, int value) {
    byte[] message = {(byte) (register | WRITE), (byte) value};
    bus.send(message, message.length);
  }
}
