package dev.blindsight.trainer.train;

/** Training could not go on, though nothing that was given to it is invalid. */
public final class TrainingFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line: what, where, what to try
   */
  public TrainingFailure(String message) {
    super(message);
  }
}
