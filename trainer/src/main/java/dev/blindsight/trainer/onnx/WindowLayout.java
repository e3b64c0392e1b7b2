package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.onnx.WindowPart.Tokens;
import dev.blindsight.trainer.onnx.WindowPart.Zeros;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a layer attend to one another, cut into groups that are computed together.
 *
 * <p>In the reference (CoreNet 1aa3acd) zero vectors fill the last window, the padded sequence is
 * rolled to the left, and zero vectors and wrapped tokens are attended to. All zero vectors make
 * the same key and value; a window with many keeps one of them, whose score then gets the logarithm
 * of their number: the same softmax without the work. In batch-invariant networks the windows at
 * either end are just shorter.
 */
final class WindowLayout {
  /** Tokens of a chunk: their activations stay in a core's cache through a whole layer. */
  private static final int CHUNK_TOKENS = 256;

  /** A window of which at least this share is zeros is computed without them. */
  private static final double MANY_ZEROS = 1.0 / 16;

  private WindowLayout() {}

  /**
   * The layout of the reference.
   *
   * @param keepsZeros whether every zero vector must lie at its place
   */
  static List<WindowGroup> reference(LayerPlan plan, boolean keepsZeros) {
    List<WindowGroup> windows = new ArrayList<>();
    for (int window = 0; window < plan.windows(); window++) {
      windows.add(referenceWindow(plan, window * plan.window() + plan.shift(), keepsZeros));
    }
    return chunks(windows);
  }

  private static WindowGroup referenceWindow(LayerPlan plan, int start, boolean keepsZeros) {
    int size = plan.window();
    int tokens = plan.tokens();
    int wrappedRows = Math.max(0, start + size - plan.paddedTokens());
    Tokens tail = new Tokens(Math.min(start, tokens), Math.min(start + size, tokens));
    Tokens wrapped = new Tokens(0, Math.min(wrappedRows, tokens));
    int zeros = size - tail.length() - wrapped.length();
    if (keepsZeros || zeros < MANY_ZEROS * size) {
      Zeros afterWrapped = new Zeros(wrappedRows - wrapped.length());
      Zeros afterTail = new Zeros(zeros - afterWrapped.length());
      return window(List.of(tail, afterTail, wrapped, afterWrapped), 1);
    }
    return window(List.of(tail, wrapped, new Zeros(1)), zeros);
  }

  /** The layout of a batch-invariant network: windows start at 0, shift, shift + window ... */
  static List<WindowGroup> batchInvariant(LayerPlan plan) {
    List<WindowGroup> windows = new ArrayList<>();
    int start = 0;
    int end = plan.shift() == 0 ? plan.window() : plan.shift();
    while (start < plan.tokens()) {
      windows.add(window(List.of(new Tokens(start, Math.min(end, plan.tokens()))), 1));
      start = end;
      end += plan.window();
    }
    return chunks(windows);
  }

  private static WindowGroup window(List<WindowPart> parts, int lastRowCounts) {
    List<WindowPart> present = parts.stream().filter(part -> part.length() > 0).toList();
    int size = present.stream().mapToInt(WindowPart::length).sum();
    return new WindowGroup(size, present, lastRowCounts);
  }

  /** Joins neighbouring windows of one size into chunks of limited length, the last the rest. */
  private static List<WindowGroup> chunks(List<WindowGroup> windows) {
    List<WindowGroup> chunks = new ArrayList<>();
    int first = 0;
    while (first < windows.size()) {
      int most = Math.max(1, CHUNK_TOKENS / windows.get(first).size());
      int end = first + 1;
      while (end < windows.size()
          && end - first < most
          && areAlike(windows.get(first), windows.get(end))) {
        end++;
      }
      chunks.add(join(windows.subList(first, end)));
      first = end;
    }
    return chunks;
  }

  private static boolean areAlike(WindowGroup a, WindowGroup b) {
    return a.size() == b.size() && a.lastRowCounts() == 1 && b.lastRowCounts() == 1;
  }

  private static WindowGroup join(List<WindowGroup> windows) {
    List<WindowPart> parts = new ArrayList<>();
    for (WindowGroup window : windows) {
      for (WindowPart part : window.parts()) {
        if (!parts.isEmpty()
            && parts.getLast() instanceof Tokens(int from, int middle)
            && part instanceof Tokens(int next, int to)
            && middle == next) {
          parts.set(parts.size() - 1, new Tokens(from, to));
        } else {
          parts.add(part);
        }
      }
    }
    WindowGroup first = windows.getFirst();
    return new WindowGroup(first.size(), parts, first.lastRowCounts());
  }
}
