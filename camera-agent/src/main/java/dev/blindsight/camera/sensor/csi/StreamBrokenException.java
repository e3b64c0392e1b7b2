package dev.blindsight.camera.sensor.csi;

/** No more of a frame comes. */
final class StreamBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  enum Reason {
    /** The sensor is being closed. */
    CLOSED,
    /** The program has ended, or has closed its output. */
    ENDED,
    /** It took too long. */
    TIMED_OUT
  }

  private final Reason reason;

  StreamBrokenException(Reason reason) {
    super(reason.name());
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
