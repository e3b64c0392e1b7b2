package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.PixelReader;
import java.util.BitSet;

/**
 * Reads kept bytes of the frame in the FIFO, line by line: of a line that has any all others are
 * overwritten as soon as it has arrived, a line that has none is clocked past without memory to
 * arrive in. For one thread at a time.
 */
final class LineReader implements PixelReader.ByteReader {
  private final Arduchip chip;
  private final BitSet kept;
  private final int lineBytes;
  private final Line line;
  private int next;
  private long clocked;

  /**
   * @param kept bytes of a frame
   */
  LineReader(Arduchip chip, FrameSize size, BitSet kept) {
    this.chip = chip;
    this.kept = kept;
    this.lineBytes = size.lineBytes();
    this.line = new Line(lineBytes);
  }

  /**
   * Begins a frame.
   *
   * @param lead bytes before its first pixel
   */
  void begin(int lead) {
    next = 0;
    if (lead > 0) {
      chip.skip(line, lead);
      clocked += lead;
    }
  }

  @Override
  public int read(int index) {
    int row = index / lineBytes;
    while (next < row) {
      chip.skip(line, lineBytes);
      clocked += lineBytes;
      next++;
    }
    if (next == row) {
      chip.read(line, lineBytes, kept.get(row * lineBytes, (row + 1) * lineBytes));
      clocked += lineBytes;
      next++;
    }
    return line.at(index % lineBytes);
  }

  /** Overwrites the last line. */
  void end() {
    line.clear();
  }

  /** How many bytes the FIFO drove so far. */
  long clocked() {
    return clocked;
  }
}
