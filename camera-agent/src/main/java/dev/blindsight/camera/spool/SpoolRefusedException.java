package dev.blindsight.camera.spool;

/** The spool does not take an entry. The message is one line for people. */
public final class SpoolRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  SpoolRefusedException(String message) {
    super(message);
  }
}
