package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.memory.LockedMemory;
import dev.blindsight.camera.memory.MemoryProtection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A frame as it passes by, line after line: all lines of Y, then those of U and of V, which have
 * half as many lines of half the length (planar YUV 4:2:0). One line is held at a time, in locked
 * memory; each is overwritten before the next is read.
 */
final class PassingFrame implements AutoCloseable {
  private final int width;
  private final int height;
  private final LockedMemory memory;
  private final MemorySegment line;
  private final CameraProgram program;
  private long deadline;
  private int lineHeld;

  /**
   * @param width pixels in a row, even
   * @param height rows, even
   */
  PassingFrame(int width, int height, CameraProgram program) {
    this.width = width;
    this.height = height;
    this.program = program;
    this.memory = LockedMemory.allocate(width);
    this.line = memory.segment();
  }

  /**
   * Begins with the next frame.
   *
   * @param until when all of it has to have come, by {@link System#nanoTime()}
   */
  void begin(long until) {
    deadline = until;
    lineHeld = -1;
  }

  /** How the line's memory is protected. */
  MemoryProtection protection() {
    return memory.protection();
  }

  /**
   * A value of luma, for which the lines before its own pass by.
   *
   * @param row at least that of the last call
   */
  int luma(int row, int column) {
    return value(row, column);
  }

  /**
   * A value of U or V for two by two pixels.
   *
   * @param plane 0 U, 1 V: at least that of the last call
   * @param row of the plane, 0..height/2-1; at least that of the last call in this plane
   * @param column of the plane, 0..width/2-1
   */
  int chroma(int plane, int row, int column) {
    return value(height + plane * (height / 2) + row, column);
  }

  private int value(int wanted, int column) {
    moveTo(wanted);
    return Byte.toUnsignedInt(line.get(ValueLayout.JAVA_BYTE, column));
  }

  /** Lets the rest of the frame pass by and overwrites the last line. */
  void end() {
    moveTo(2 * height - 1);
    line.fill((byte) 0);
  }

  private void moveTo(int wanted) {
    while (lineHeld < wanted) {
      int next = lineHeld + 1;
      line.fill((byte) 0);
      MemorySegment target = line.asSlice(0, next < height ? width : width / 2);
      program.read(target, deadline);
      lineHeld = next;
    }
  }

  /** Overwrites the line and gives its memory back. */
  @Override
  public void close() {
    memory.close();
  }
}
