package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.board.InputPin;
import dev.blindsight.camera.sensor.board.OutputPin;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The read and write pointers of an AL422B, a FIFO of 393,216 bytes (AverLogic, AL422B data sheet,
 * sections 6 and 8).
 *
 * <p>Writing is clocked by the sensor. Reading: RRST low during a rising edge of RCK takes the
 * pointer to the first byte; after that the n-th rising edge takes byte n to the output register,
 * whether the outputs are on or not. With OE high they are off, high impedance. So a byte is
 * skipped by a pulse of RCK with OE high: nobody on the bus can see it. See {@link OutputEnable}
 * for the moment at which OE counts. For one thread at a time.
 */
final class Al422b {
  /** Longer than a period of the slowest write clock allowed, 1 MHz. */
  private static final long WRITE_RESET_NANOS = TimeUnit.MICROSECONDS.toNanos(5);

  private final Wires wires;
  private final OutputEnable outputEnable;
  private int next;
  private long driven;

  Al422b(Wires wires, OutputEnable outputEnable) {
    this.wires = wires;
    this.outputEnable = outputEnable;
  }

  /** Takes the write pointer to the first byte and lets the sensor write. */
  void beginWriting() {
    wires.writeReset().low();
    LockSupport.parkNanos(WRITE_RESET_NANOS);
    wires.writeReset().high();
    wires.writeEnable().high();
  }

  /** Keeps what is written from being written over. */
  void endWriting() {
    wires.writeEnable().low();
  }

  /** Takes the read pointer to the first byte. */
  void rewind() {
    OutputPin clock = wires.readClock();
    wires.outputEnable().high();
    clock.low();
    wires.readEnable().ifPresent(OutputPin::low);
    wires.readReset().low();
    clock.high();
    clock.low();
    wires.readReset().high();
    next = 0;
  }

  /** Ends reading: outputs off, and where RE is wired no further pulse moves the pointer. */
  void rest() {
    wires.outputEnable().high();
    wires.readClock().high();
    wires.readClock().low();
    wires.readEnable().ifPresent(OutputPin::high);
  }

  /**
   * Reads a byte, clocking past those before it with the outputs off.
   *
   * @param index counted from the first byte; greater than in the call before
   * @return 0..255
   */
  int read(int index) {
    OutputPin clock = wires.readClock();
    for (; next < index; next++) {
      clock.high();
      clock.low();
    }
    next++;
    driven++;
    OutputPin enable = wires.outputEnable();
    try {
      if (outputEnable == OutputEnable.CLOCKED) {
        enable.low();
        clock.high();
      } else {
        clock.high();
        enable.low();
      }
      return sample();
    } finally {
      enable.high();
      clock.low();
    }
  }

  /** How many bytes it was made to drive so far. */
  long driven() {
    return driven;
  }

  private int sample() {
    List<InputPin> data = wires.data();
    int value = 0;
    for (int bit = 0; bit < data.size(); bit++) {
      if (data.get(bit).isHigh()) {
        value |= 1 << bit;
      }
    }
    return value;
  }
}
