package dev.blindsight.trainer.data;

import dev.blindsight.protocol.UserError;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A binary file that is read once from front to back, unpacked on the way when it begins as gzip
 * (RFC 1952) does. Whatever is wrong with it becomes one line that names it.
 */
final class DataFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  private final Path file;
  private final InputStream in;

  private DataFile(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  static DataFile open(Path file) {
    try {
      return new DataFile(file, unpacked(Files.newInputStream(file)));
    } catch (ZipException | EOFException e) {
      throw new UserError("%s: its gzip header is damaged: get the file again".formatted(file), e);
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be read: check the path and its permissions".formatted(file), e);
    }
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    try {
      InputStream buffered = new BufferedInputStream(raw, BUFFER_BYTES);
      buffered.mark(2);
      boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
      buffered.reset();
      return gzip
          ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER_BYTES), BUFFER_BYTES)
          : buffered;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Takes exactly so many bytes.
   *
   * @param what they are, for the error
   * @throws UserError when the file ends before
   */
  byte[] take(int count, String what) {
    byte[] bytes = takeAtMost(count);
    if (bytes.length < count) {
      throw error("ends in the middle of " + what);
    }
    return bytes;
  }

  /** Takes so many bytes, or fewer where the file ends. */
  byte[] takeAtMost(int count) {
    try {
      return in.readNBytes(count);
    } catch (IOException e) {
      throw new UserError("%s: is damaged: get the file again".formatted(file), e);
    }
  }

  /** A big-endian 32-bit number. */
  int takeInt(String what) {
    byte[] bytes = take(Integer.BYTES, what);
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | (bytes[3] & 0xff);
  }

  /**
   * @throws UserError when anything is left
   */
  void requireEnd() {
    if (takeAtMost(1).length > 0) {
      throw error("goes on after what its header announces");
    }
  }

  UserError error(String problem) {
    return new UserError("%s: %s: get the file again".formatted(file, problem));
  }

  UserError mismatch(String problem) {
    return new UserError("%s: %s".formatted(file, problem));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UserError("%s: cannot be closed: check the disk".formatted(file), e);
    }
  }
}
