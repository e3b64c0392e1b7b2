package dev.blindsight.trainer.corenet;

/** The content of a checkpoint is damaged, or more than a checkpoint of CoreNet holds. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
