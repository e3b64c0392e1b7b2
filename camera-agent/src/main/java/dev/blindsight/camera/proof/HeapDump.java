package dev.blindsight.camera.proof;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

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
  private static final int BUFFER = 1 << 20;
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
    try (DataInputStream input =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      StringBuilder magic = new StringBuilder();
      for (int next = input.readUnsignedByte(); next != 0; next = input.readUnsignedByte()) {
        magic.append((char) next);
        if (magic.length() > 64) {
          break;
        }
      }
      if (!magic.toString().startsWith("JAVA PROFILE 1.0")) {
        throw new IOException(file + ": no heap dump");
      }
      int idBytes = input.readInt();
      if (idBytes != 4 && idBytes != 8) {
        throw new IOException("%s: ids of %d bytes".formatted(file, idBytes));
      }
      input.readLong();
      new Records(input, idBytes, visitor).readAll();
    }
  }

  private static final class Records {
    private final DataInputStream input;
    private final int idBytes;
    private final Visitor visitor;
    private byte[] content = new byte[BUFFER];
    private long left;

    Records(DataInputStream input, int idBytes, Visitor visitor) {
      this.input = input;
      this.idBytes = idBytes;
      this.visitor = visitor;
    }

    void readAll() throws IOException {
      for (int tag = input.read(); tag >= 0; tag = input.read()) {
        input.readInt();
        long length = Integer.toUnsignedLong(input.readInt());
        if (tag == HEAP_DUMP || tag == HEAP_DUMP_SEGMENT) {
          left = length;
          while (left > 0) {
            subrecord();
          }
        } else {
          input.skipNBytes(length);
        }
      }
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
      if (length > left) {
        throw new EOFException("heap dump: an array is longer than its segment");
      }
      if (length > content.length) {
        content = new byte[Math.max(length, 2 * content.length)];
      }
      input.readFully(content, 0, length);
      left -= length;
      visitor.array(type, content, length);
    }

    private static ElementType type(int code) throws IOException {
      return ElementType.of(code)
          .orElseThrow(() -> new IOException("heap dump: unknown type " + code));
    }

    private int u1() throws IOException {
      left--;
      return input.readUnsignedByte();
    }

    private int u2() throws IOException {
      left -= 2;
      return input.readUnsignedShort();
    }

    private long u4() throws IOException {
      left -= 4;
      return Integer.toUnsignedLong(input.readInt());
    }

    private void skip(long bytes) throws IOException {
      left -= bytes;
      input.skipNBytes(bytes);
    }
  }
}
