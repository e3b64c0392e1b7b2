package dev.blindsight.trainer.corenet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How a storage keeps its values, always little-endian; one of the names a pickle may mention. */
enum ElementType implements PickleValue.Global {
  FLOAT32("torch FloatStorage", Float.BYTES) {
    @Override
    float read(MemorySegment values, long index) {
      return values.get(FLOAT, index * Float.BYTES);
    }
  },
  FLOAT16("torch HalfStorage", Short.BYTES) {
    @Override
    float read(MemorySegment values, long index) {
      return Float.float16ToFloat(values.get(SHORT, index * Short.BYTES));
    }
  },
  /** The upper half of a float32. */
  BFLOAT16("torch BFloat16Storage", Short.BYTES) {
    @Override
    float read(MemorySegment values, long index) {
      return Float.intBitsToFloat(values.get(SHORT, index * Short.BYTES) << 16);
    }
  };

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String qualifiedName;
  private final int bytes;

  ElementType(String qualifiedName, int bytes) {
    this.qualifiedName = qualifiedName;
    this.bytes = bytes;
  }

  @Override
  public String qualifiedName() {
    return qualifiedName;
  }

  /** The size of one value. */
  int bytes() {
    return bytes;
  }

  /** The value at an index that must lie in the segment. */
  abstract float read(MemorySegment values, long index);
}
