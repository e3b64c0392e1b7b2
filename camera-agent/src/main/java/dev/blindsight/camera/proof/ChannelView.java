package dev.blindsight.camera.proof;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The ways in which an array may hold channel values, one to an element: bytes as they are, wider
 * whole numbers by their lowest byte, fractions as 0..255 or as 0..1.
 */
public final class ChannelView {
  private static final double FULL = 255;

  private byte[] scratch = new byte[0];

  /** Told of one way to read an array. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Channel values.
     *
     * @param values valid during the call
     * @param count how many there are
     */
    void values(byte[] values, int count);
  }

  /** Shows an array of a heap dump in each of its ways. */
  public void of(ElementType type, byte[] content, int length, Reader reader) {
    switch (type) {
      case BYTE, BOOLEAN -> reader.values(content, length);
      case CHAR, SHORT, INT, LONG -> {
        int count = length / type.bytes();
        reserve(count);
        for (int i = 0; i < count; i++) {
          scratch[i] = content[(i + 1) * type.bytes() - 1];
        }
        reader.values(scratch, count);
        packed(type, content, length, reader);
      }
      case FLOAT, DOUBLE -> {
        for (double scale : List.of(1.0, FULL)) {
          int count = fractions(type, content, length, scale);
          reader.values(scratch, count);
        }
      }
    }
  }

  /** Several channels in an element, in the order of the machine that wrote them. */
  private void packed(ElementType type, byte[] content, int length, Reader reader) {
    reader.values(content, length);
    reserve(length);
    for (int i = 0; i < length; i++) {
      int first = i / type.bytes() * type.bytes();
      scratch[i] = content[first + type.bytes() - 1 - (i - first)];
    }
    reader.values(scratch, length);
  }

  private int fractions(ElementType type, byte[] content, int length, double scale) {
    int count = length / type.bytes();
    reserve(count);
    ByteBuffer numbers = ByteBuffer.wrap(content, 0, length).order(ByteOrder.BIG_ENDIAN);
    for (int i = 0; i < count; i++) {
      double value =
          type == ElementType.FLOAT
              ? numbers.getFloat(i * type.bytes())
              : numbers.getDouble(i * type.bytes());
      scratch[i] = (byte) Math.round(Math.clamp(value * scale, 0, FULL));
    }
    return count;
  }

  private void reserve(int count) {
    if (scratch.length < count) {
      Arrays.fill(scratch, (byte) 0);
      scratch = new byte[count];
    }
  }
}
