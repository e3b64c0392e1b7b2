package dev.blindsight.camera.sensor.board;

/** A simulated chip, as the bus sees it. */
public interface I2cChip {

  /**
   * Takes the bytes of a write: the address of a register, and what follows is written from there
   * on.
   */
  void written(byte[] bytes);

  /** Drives the next byte, 0..255, onto the bus: from the register addressed last on. */
  int driven();
}
