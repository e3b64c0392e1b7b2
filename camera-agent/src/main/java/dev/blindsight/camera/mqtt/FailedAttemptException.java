package dev.blindsight.camera.mqtt;

/** An attempt to connect failed. */
final class FailedAttemptException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;

  FailedAttemptException(Trouble trouble) {
    super(trouble.reason());
    this.trouble = trouble;
  }

  Trouble trouble() {
    return trouble;
  }
}
