package dev.blindsight.camera.sensor.arducam;

import java.util.Arrays;
import java.util.BitSet;

/** Memory for one line on its way over SPI: the only one there is, and overwritten each time. */
final class Line {
  /** Bytes of a command, to which nothing is answered. */
  static final int COMMAND = 1;

  private final byte[] sent;
  private final byte[] received;

  /**
   * @param bytes the longest line
   */
  Line(int bytes) {
    this.sent = new byte[COMMAND + bytes];
    this.received = new byte[COMMAND + bytes];
  }

  /** What is sent: a command, then zeros. */
  byte[] command(int command) {
    sent[0] = (byte) command;
    return sent;
  }

  /** Where the answer goes. */
  byte[] received() {
    return received;
  }

  /** Overwrites all but some bytes of an answer. */
  void retain(BitSet kept, int length) {
    Arrays.fill(received, 0, COMMAND, (byte) 0);
    for (int i = 0; i < length; i++) {
      if (!kept.get(i)) {
        received[COMMAND + i] = 0;
      }
    }
  }

  /**
   * A byte of the answer.
   *
   * @return 0..255
   */
  int at(int index) {
    return Byte.toUnsignedInt(received[COMMAND + index]);
  }

  /** Overwrites the answer. */
  void clear() {
    Arrays.fill(received, (byte) 0);
  }
}
