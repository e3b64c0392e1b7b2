package dev.blindsight.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files for tests. */
public final class IdxFixture {
  private IdxFixture() {}

  /** A file of pictures; {@code values} holds them one after the other. */
  public static byte[] pictures(int count, int height, int width, byte[] values) {
    return ByteBuffer.allocate(16 + values.length)
        .putInt(0x803)
        .putInt(count)
        .putInt(height)
        .putInt(width)
        .put(values)
        .array();
  }

  /** A file of labels. */
  public static byte[] labels(byte... labels) {
    return ByteBuffer.allocate(8 + labels.length)
        .putInt(0x801)
        .putInt(labels.length)
        .put(labels)
        .array();
  }

  /** The same bytes, packed. */
  public static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** Writes the four files of a data set whose test split is its training split. */
  static void write(Path root, byte[] pictures, byte[] labels) throws IOException {
    Files.write(root.resolve("train.idx3"), pictures);
    Files.write(root.resolve("train.idx1"), labels);
    Files.write(root.resolve("test.idx3"), pictures);
    Files.write(root.resolve("test.idx1"), labels);
  }
}
