package dev.blindsight.camera.inference;

/** A model that was loaded and checked failed to answer. The message is one line for people. */
public final class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InferenceException(String message) {
    super(message);
  }

  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
