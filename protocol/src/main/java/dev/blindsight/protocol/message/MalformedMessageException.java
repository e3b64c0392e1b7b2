package dev.blindsight.protocol.message;

/** A message that arrived does not say what its kind of message must say. Nothing of it is used. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line that names the message and the field
   */
  public MalformedMessageException(String message) {
    super(message);
  }

  /**
   * @param message one line that names the message and the field
   * @param cause what went wrong underneath
   */
  public MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
