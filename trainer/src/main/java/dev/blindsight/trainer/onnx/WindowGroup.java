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
}
