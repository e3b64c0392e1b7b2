package dev.blindsight.camera.sensor.board;

/** A chip behind a simulated SPI's chip select. */
public interface SimulatedSpiChip {

  /** Chip select goes low: a transfer begins. */
  void select();

  /**
   * Eight clocks.
   *
   * @param sent 0..255, on MOSI
   * @return 0..255, on MISO
   */
  int exchange(int sent);

  /** Chip select goes high: the transfer has ended. */
  void deselect();

  /** Whether the controller's transfers fail, as when a driver of the system gives up. */
  default boolean fails() {
    return false;
  }
}
