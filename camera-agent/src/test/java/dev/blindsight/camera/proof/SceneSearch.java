package dev.blindsight.camera.proof;

import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.Stage;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks for pieces of a scene: eight neighbouring values of one colour, along a row or down a
 * column, wherever in memory they stand side by side or at equal distances, as they do among other
 * colours or in wider numbers. Of such pieces it knows every eighth, and a frame has hundreds. Kept
 * channels alone make none, for they are scattered; in a readout they do not have their neighbours
 * beside them.
 */
final class SceneSearch {
  private static final int PIECE = 8;
  private static final int[] DISTANCES = {1, 2, 3, 4, 8};
  private static final int FILTER_BITS = 1 << 24;

  private final Set<Long> pieces = new HashSet<>();

  /** A bit for each piece's hash: nearly all of memory is ruled out by it. */
  private final long[] filter = new long[FILTER_BITS / Long.SIZE];

  /**
   * @param first exposure, at least 0
   * @param last exposure
   */
  SceneSearch(Scene scene, Stage.View view, long first, long last) {
    for (long exposure = first; exposure <= last; exposure++) {
      for (int channel = 0; channel < view.channels(); channel++) {
        add(scene, exposure, view.height(), view.width(), channel, false);
        add(scene, exposure, view.width(), view.height(), channel, true);
      }
    }
  }

  private void add(
      Scene scene, long exposure, int lines, int length, int channel, boolean columns) {
    for (int line = 0; line < lines; line++) {
      for (int begin = 0; begin + PIECE <= length; begin += PIECE) {
        long piece = 0;
        for (int i = 0; i < PIECE; i++) {
          int row = columns ? begin + i : line;
          int column = columns ? line : begin + i;
          piece = (piece << Byte.SIZE) | scene.valueAt(exposure, row, column, channel);
        }
        pieces.add(piece);
        int bit = bit(piece);
        filter[bit / Long.SIZE] |= 1L << bit;
      }
    }
  }

  private static int bit(long piece) {
    return (int) ((piece * 0x9E3779B97F4A7C15L) >>> 40);
  }

  /** How many pieces stand in memory, at the distance at which there are most. */
  int in(byte[] memory, int count) {
    int most = 0;
    for (int distance : DISTANCES) {
      most = Math.max(most, in(memory, count, distance));
    }
    return most;
  }

  private int in(byte[] memory, int count, int distance) {
    int found = 0;
    for (int phase = 0; phase < distance; phase++) {
      long piece = 0;
      int have = 0;
      for (int i = phase; i < count; i += distance) {
        piece = (piece << Byte.SIZE) | Byte.toUnsignedLong(memory[i]);
        int bit = bit(piece);
        if (++have >= PIECE
            && (filter[bit / Long.SIZE] & (1L << bit)) != 0
            && pieces.contains(piece)) {
          found++;
        }
      }
    }
    return found;
  }

  /** The same in an array of a heap dump, fractions included. */
  int in(ElementType type, byte[] content, int length) {
    int most = in(content, length);
    if (type == ElementType.FLOAT || type == ElementType.DOUBLE) {
      int[] found = {most};
      new ChannelView()
          .of(
              type,
              content,
              length,
              (values, count) -> found[0] = Math.max(found[0], in(values, count)));
      most = found[0];
    }
    return most;
  }
}
