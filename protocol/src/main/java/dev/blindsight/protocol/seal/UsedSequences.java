package dev.blindsight.protocol.seal;

/**
 * Stops a sequence from being sealed twice: a mistake here would cost the secrecy of both texts, so
 * it ends in an exception and not in an envelope. What earlier processes used, it cannot know.
 */
final class UsedSequences {
  private final ReplayWindow window = new ReplayWindow();

  void use(long sequence) {
    if (sequence < 0 || window.admit(sequence) != ReplayWindow.Verdict.NEW) {
      throw new IllegalStateException(
          "sequence %d has been sealed, or is too old to know".formatted(sequence));
    }
  }
}
