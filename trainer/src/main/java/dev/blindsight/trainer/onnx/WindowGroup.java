package dev.blindsight.trainer.onnx;

import java.util.List;

/**
 * Attention windows of one size that go through a layer together.
 *
 * @param size rows of each window
 * @param parts what lies in them, window after window
 * @param lastRowCounts for how many equal keys the last row of the window stands; more than 1 only
 *     in a group of one window
 */
record WindowGroup(int size, List<WindowPart> parts, int lastRowCounts) {

  /**
   * @throws IllegalArgumentException when the parts do not fill whole windows
   */
  WindowGroup {
    parts = List.copyOf(parts);
    int rows = parts.stream().mapToInt(WindowPart::length).sum();
    if (rows == 0 || rows % size != 0 || (lastRowCounts > 1 && rows != size)) {
      throw new IllegalArgumentException("%d rows in windows of %d".formatted(rows, size));
    }
  }

  /** Rows of all windows. */
  int rows() {
    return parts.stream().mapToInt(WindowPart::length).sum();
  }

  /** The number of windows. */
  int windows() {
    return rows() / size;
  }

  /** The place of the first token where neighbouring tokens are all there is, or -1. */
  int start() {
    return parts.size() == 1 && parts.getFirst() instanceof WindowPart.Tokens(int from, int _)
        ? from
        : -1;
  }

  /** Whether a group holds the tokens that come next, in windows of the same size and number. */
  boolean isContinuedBy(WindowGroup next) {
    return start() >= 0
        && next.start() == start() + rows()
        && next.rows() == rows()
        && next.size() == size
        && lastRowCounts == 1
        && next.lastRowCounts == 1;
  }
}
