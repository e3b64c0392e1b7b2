package dev.blindsight.trainer.onnx;

/** A stretch of what lies in a window. */
sealed interface WindowPart {
  /** The number of rows. */
  int length();

  /**
   * Tokens of the sequence.
   *
   * @param from the first
   * @param to the one after the last
   */
  record Tokens(int from, int to) implements WindowPart {
    @Override
    public int length() {
      return to - from;
    }
  }

  /**
   * Zero vectors.
   *
   * @param length how many
   */
  record Zeros(int length) implements WindowPart {}
}
