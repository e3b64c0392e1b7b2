package dev.blindsight.camera.sensor.board;

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

  private final String reason;

  I2cTrouble(String reason) {
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
