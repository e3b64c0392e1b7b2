package dev.blindsight.protocol.seal;

import java.util.BitSet;

/**
 * Remembers which sequences were seen, so that none counts twice: a sliding window below the
 * highest, as IPsec uses it (RFC 4303, section 3.4.3). What is below the window is refused, seen or
 * not. Thread-safe.
 */
final class ReplayWindow {
  /** How many sequences are remembered. */
  static final int WIDTH = 1024;

  /** What is to be said of a sequence. */
  enum Verdict {
    /** Never seen, and from now on seen. */
    NEW,
    /** Seen before. */
    SEEN,
    /** Below the window. */
    TOO_OLD
  }

  private final BitSet seen = new BitSet(WIDTH);
  private long highest = -1;

  /**
   * Judges a sequence and remembers it, in one step.
   *
   * @param sequence at least 0
   */
  synchronized Verdict admit(long sequence) {
    int place = (int) (sequence % WIDTH);
    if (sequence > highest) {
      forget(sequence);
      highest = sequence;
    } else if (sequence <= highest - WIDTH) {
      return Verdict.TOO_OLD;
    } else if (seen.get(place)) {
      return Verdict.SEEN;
    }
    seen.set(place);
    return Verdict.NEW;
  }

  /** Empties the places that the sequences above the highest, up to the next one, now stand for. */
  private void forget(long next) {
    // Not next - highest, which can be too large for a long.
    if (next - WIDTH >= highest) {
      seen.clear();
      return;
    }
    for (long below = highest; below < next; below++) {
      seen.clear((int) ((below + 1) % WIDTH));
    }
  }
}
