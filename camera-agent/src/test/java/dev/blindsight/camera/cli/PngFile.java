package dev.blindsight.camera.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Writes grey PNG files (ISO/IEC 15948) without a type that holds a picture. */
final class PngFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  private PngFile() {}

  /** Eight bits a pixel, by the values at (x, y). */
  static byte[] grey(int width, int height, IntBinaryOperator value) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 0, 0, 0, 0});
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (DeflaterOutputStream compressed = new DeflaterOutputStream(pixels)) {
      for (int y = 0; y < height; y++) {
        compressed.write(0);
        for (int x = 0; x < width; x++) {
          compressed.write(value.applyAsInt(x, y));
        }
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream output = new DataOutputStream(file);
    output.write(SIGNATURE);
    chunk(output, "IHDR", header.toByteArray());
    chunk(output, "IDAT", pixels.toByteArray());
    chunk(output, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(DataOutputStream output, String type, byte[] content)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(content);
    output.writeInt(content.length);
    output.write(name);
    output.write(content);
    output.writeInt((int) checksum.getValue());
  }
}
