package dev.blindsight.trainer.byteformer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive: the file that libtorch loads as a module.
 *
 * <p>Such an archive is a ZIP of stored entries: the module's source text, a pickle that creates
 * the one module object, an empty tuple of constants and the format version. The module written
 * here owns no tensors (its methods are given them), so the pickle is a handful of opcodes. The
 * layout follows PyTorch's {@code torch/csrc/jit/serialization} notes.
 */
final class TorchScriptArchive {

  /** Name of the class that the source text must define. */
  static final String CLASS_NAME = "ByteFormer";

  private static final String FORMAT_VERSION = "10\n";
  private static final byte[] EMPTY_TUPLE_PICKLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * The bytes of the archive.
   *
   * @param source TorchScript text that defines class {@value #CLASS_NAME} with the attribute
   *     {@code training : bool} and no others
   */
  static byte[] of(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "data.pkl", modulePickle());
      put(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", EMPTY_TUPLE_PICKLE);
      put(zip, "version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Pickle, protocol 2, of {@code ByteFormer()} with state {@code {"training": True}}. */
  private static byte[] modulePickle() {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80); // PROTO
    pickle.write(2);
    ascii(pickle, "c__torch__\n" + CLASS_NAME + "\n"); // GLOBAL
    ascii(pickle, ")\u0081"); // EMPTY_TUPLE NEWOBJ
    ascii(pickle, "}("); // EMPTY_DICT MARK
    ascii(pickle, "X\b\0\0\0training"); // BINUNICODE, length 8
    ascii(pickle, "\u0088"); // NEWTRUE
    ascii(pickle, "ub."); // SETITEMS BUILD STOP
    return pickle.toByteArray();
  }

  private static void ascii(ByteArrayOutputStream pickle, String opcodes) {
    pickle.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("byteformer/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
