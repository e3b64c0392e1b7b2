package dev.blindsight.camera.sensor.board;

import java.util.List;
import java.util.Random;

/** What may befall a transfer; the reasons are the kernel's. */
public enum I2cTrouble {
  /** Nothing: it goes through. */
  NONE(""),
  /** Nobody acknowledges the address: the chip is away or busy, and sees nothing of it. */
  NOT_ACKNOWLEDGED("Remote I/O error"),
  /**
   * The bus is disturbed when half of the bytes are over: the chip drove them, the host has none.
   */
  BUS_ERROR("Input/output error"),
  /** The chip holds the clock for too long before it drives anything. */
  TIMED_OUT("Connection timed out");

  private static final List<I2cTrouble> MISHAPS = List.of(NOT_ACKNOWLEDGED, BUS_ERROR, TIMED_OUT);

  private final String reason;

  I2cTrouble(String reason) {
    this.reason = reason;
  }

  /**
   * Something at random.
   *
   * @param probability of anything but {@link #NONE}
   */
  public static I2cTrouble any(Random random, double probability) {
    return random.nextDouble() < probability ? MISHAPS.get(random.nextInt(MISHAPS.size())) : NONE;
  }

  String reason() {
    return reason;
  }
}
