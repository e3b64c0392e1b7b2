package dev.blindsight.camera.sensor.board;

/** A chip on a simulated SCCB, one transaction at a time. */
public interface SimulatedSccbChip {

  /**
   * A transaction that writes.
   *
   * @throws BusError when the chip does not acknowledge
   */
  void write(byte[] message);

  /**
   * A transaction that reads one byte.
   *
   * @return 0..255
   * @throws BusError when the chip does not acknowledge
   */
  int read();

  /** What a bus says when nobody answers. */
  final class BusError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message as Linux words it
     */
    public BusError(String message) {
      super(message);
    }
  }
}
