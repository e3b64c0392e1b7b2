package dev.blindsight.camera.proof;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A dump of this process's Java heap, and what is in its arrays of primitive values: also in those
 * that nobody refers to any more and that have not been collected yet. Strings and heap buffers
 * keep their content in such arrays, too; single fields of objects hold one value each and are not
 * looked at.
 *
 * <p>The format is HPROF 1.0.2, as HotSpot writes it (JDK, "heapDumper.cpp"); records that hold no
 * array are skipped by their length.
 */
public final class HeapDump {
  private static final int FIRST_CONTENT = 1 << 20;
  private static final int HEAP_DUMP = 0x0C;
  private static final int HEAP_DUMP_SEGMENT = 0x1C;
  private static final int OBJECT = 2;

  /** Told of every array of primitive values. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * An array.
     *
     * @param type of its elements
     * @param content its elements, big-endian; valid during the call
     * @param length of the content in bytes: what follows in {@code content} belongs to others
     */
    void array(ElementType type, byte[] content, int length);
  }

  private HeapDump() {}

  /**
   * Dumps the heap to a file in a folder that only this user should be able to read, visits its
   * arrays, and deletes the file.
   *
   * @param folder where there is room for the heap
   * @return how long the dump was, in bytes
   */
  public static long visit(Path folder, Visitor visitor) throws IOException {
    Path file = folder.resolve("heap.hprof");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(file.toString(), false);
      read(file, visitor);
      return Files.size(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Visits the arrays of a dump.
   *
   * @throws IOException when it cannot be read or is no dump
   */
  static void read(Path file, Visitor visitor) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dump = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      new Records(dump, visitor).readAll();
    } catch (IndexOutOfBoundsException e) {
      throw new IOException(file + ": the heap dump ends too early", e);
    }
  }

  /** Reads from mapped memory, so that what it reads is not in the heap again. */
  private static final class Records {
    private static final ValueLayout.OfShort U2 =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt U4 =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LONGEST_MAGIC = 64;

    private final MemorySegment dump;
    private final Visitor visitor;
    private final int idBytes;
    private byte[] content = new byte[FIRST_CONTENT];
    private long position;

    Records(MemorySegment dump, Visitor visitor) throws IOException {
      this.dump = dump;
      this.visitor = visitor;
      StringBuilder magic = new StringBuilder();
      for (int next = u1(); next != 0 && magic.length() < LONGEST_MAGIC; next = u1()) {
        magic.append((char) next);
      }
      if (!magic.toString().startsWith("JAVA PROFILE 1.0")) {
        throw new IOException("no heap dump");
      }
      this.idBytes = (int) u4();
      if (idBytes != Integer.BYTES && idBytes != Long.BYTES) {
        throw new IOException("heap dump with ids of %d bytes".formatted(idBytes));
      }
      skip(Long.BYTES);
    }

    void readAll() throws IOException {
      try {
        while (position < dump.byteSize()) {
          record();
        }
      } finally {
        // Whatever was found in the heap is not left there once more.
        Arrays.fill(content, (byte) 0);
      }
    }

    private void record() throws IOException {
      int tag = u1();
      skip(Integer.BYTES);
      long end = u4();
      end += position;
      if (tag == HEAP_DUMP || tag == HEAP_DUMP_SEGMENT) {
        while (position < end) {
          subrecord();
        }
      }
      position = end;
    }

    private void subrecord() throws IOException {
      int tag = u1();
      switch (tag) {
        case 0xFF, 0x05, 0x07 -> skip(idBytes);
        case 0x01 -> skip(2L * idBytes);
        case 0x02, 0x03, 0x08 -> skip(idBytes + 8L);
        case 0x04, 0x06 -> skip(idBytes + 4L);
        case 0x20 -> classDump();
        case 0x21 -> {
          skip(idBytes + 4L + idBytes);
          skip(u4());
        }
        case 0x22 -> {
          skip(idBytes + 4L);
          long elements = u4();
          skip(idBytes + elements * idBytes);
        }
        case 0x23 -> primitiveArray();
        default -> throw new IOException("heap dump: unknown record 0x%02x".formatted(tag));
      }
    }

    private void classDump() throws IOException {
      skip(idBytes + 4L + 6L * idBytes + 4L);
      for (int constants = u2(); constants > 0; constants--) {
        skip(2);
        value(u1());
      }
      for (int statics = u2(); statics > 0; statics--) {
        skip(idBytes);
        value(u1());
      }
      long fields = u2();
      skip(fields * (idBytes + 1L));
    }

    private void value(int type) throws IOException {
      skip(type == OBJECT ? idBytes : type(type).bytes());
    }

    private void primitiveArray() throws IOException {
      skip(idBytes + 4L);
      long elements = u4();
      ElementType type = type(u1());
      int length = Math.toIntExact(elements * type.bytes());
      if (length > content.length) {
        Arrays.fill(content, (byte) 0);
        content = new byte[length];
      }
      MemorySegment.copy(dump, ValueLayout.JAVA_BYTE, position, content, 0, length);
      skip(length);
      visitor.array(type, content, length);
    }

    private static ElementType type(int code) throws IOException {
      return ElementType.of(code)
          .orElseThrow(() -> new IOException("heap dump: unknown type " + code));
    }

    private int u1() {
      return Byte.toUnsignedInt(dump.get(ValueLayout.JAVA_BYTE, position++));
    }

    private int u2() {
      int value = Short.toUnsignedInt(dump.get(U2, position));
      position += Short.BYTES;
      return value;
    }

    private long u4() {
      long value = Integer.toUnsignedLong(dump.get(U4, position));
      position += Integer.BYTES;
      return value;
    }

    private void skip(long bytes) {
      position += bytes;
    }
  }
}
