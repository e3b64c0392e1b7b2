package dev.blindsight.protocol;

import java.util.Objects;

/**
 * A mistake in what a person gave the program: a flag, a file, a field.
 *
 * <p>The message is one line that says what is wrong, where, and how to mend it. Command lines
 * print it without a stack trace and exit with code 2.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: what, where, how to mend it
   */
  public UserError(String message) {
    super(message);
  }

  /**
   * @param message one line: what, where, how to mend it
   * @param cause what went wrong underneath, for the log
   */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }

  /** The line for the person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
