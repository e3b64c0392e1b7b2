package dev.blindsight.camera.sensor;

/** An exposure could not be taken. The message is one line for people. */
public final class SensorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what, where, and how to mend it
   */
  public SensorException(String message) {
    super(message);
  }

  /**
   * @param message what, where, and how to mend it
   */
  public SensorException(String message, Throwable cause) {
    super(message, cause);
  }
}
