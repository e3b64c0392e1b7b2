package dev.blindsight.protocol.keys;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The one secret of a device, 32 bytes, from which all its keys are derived.
 *
 * <p>The bytes are overwritten by {@link #close()}; after that nothing can be derived. They are
 * never printed.
 */
public final class DeviceSecret implements AutoCloseable {
  /** The length of a secret in bytes. */
  public static final int BYTES = 32;

  private static final int HEX_DIGITS = 2 * BYTES;
  private static final int LONGEST_FILE = 4096;
  private static final String INFO_PREFIX = "blindsight/1/";

  private final byte[] bytes;
  private boolean closed;

  private DeviceSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A secret of the given bytes, which are copied.
   *
   * @param bytes {@value #BYTES} bytes from a good random source
   * @throws UserError when there are more or fewer
   */
  public static DeviceSecret of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new UserError("the device secret has %d bytes: give %d".formatted(bytes.length, BYTES));
    }
    return new DeviceSecret(bytes.clone());
  }

  /**
   * Reads a secret file: {@value #BYTES} raw bytes, or 64 hex digits with white space around them.
   *
   * @throws UserError when the file cannot be read or holds neither
   */
  public static DeviceSecret read(Path file) {
    byte[] content = content(file);
    try {
      if (content.length == BYTES) {
        return of(content);
      }
      String text = new String(content, StandardCharsets.ISO_8859_1).strip();
      if (text.length() != HEX_DIGITS) {
        throw new UserError(malformed(file));
      }
      byte[] decoded = HexFormat.of().parseHex(text);
      try {
        return of(decoded);
      } finally {
        Arrays.fill(decoded, (byte) 0);
      }
    } catch (IllegalArgumentException e) {
      // The cause would quote a digit of the secret.
      throw new UserError(malformed(file));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static byte[] content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(LONGEST_FILE);
    } catch (IOException e) {
      throw new UserError(
          "secret file %s cannot be read: give a readable file of 64 hex digits or %d bytes"
              .formatted(file, BYTES),
          e);
    }
  }

  private static String malformed(Path file) {
    return "secret file %s holds neither 64 hex digits nor %d bytes: make one with `openssl rand -hex %d`"
        .formatted(file, BYTES, BYTES);
  }

  /**
   * Derives a key by HKDF-SHA-256 (RFC 5869) with an empty salt and, as info, the ASCII bytes
   * {@code blindsight/1/<label>}, one zero byte, then the context.
   *
   * @param label what the key is for: lower-case letters and hyphens, as {@code mask} or {@code
   *     seal}
   * @param context what the key is bound to, may be empty
   * @param length 1..8160 bytes
   */
  public synchronized byte[] derive(String label, byte[] context, int length) {
    if (closed) {
      throw new IllegalStateException("the device secret has been closed");
    }
    if (label.isEmpty() || !label.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-')) {
      throw new IllegalArgumentException(
          "label \"" + label + "\" is not lower-case letters and hyphens");
    }
    byte[] prefix = (INFO_PREFIX + label).getBytes(StandardCharsets.US_ASCII);
    byte[] info = Arrays.copyOf(prefix, prefix.length + 1 + context.length);
    System.arraycopy(context, 0, info, prefix.length + 1, context.length);
    return HkdfSha256.derive(new byte[0], bytes, info, length);
  }

  /** Overwrites the secret. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "DeviceSecret[hidden]";
  }
}
