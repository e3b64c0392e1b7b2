package dev.blindsight.camera.inference;

import java.util.Objects;

/**
 * A model that was loaded and checked failed to answer, or this machine cannot run it. The message
 * is one line for people.
 */
public final class InferenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InferenceException(String message) {
    super(message);
  }

  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The line for the person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
