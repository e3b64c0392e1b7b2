package dev.blindsight.camera.tls;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A file in the textual encoding of RFC 7468: base64 between {@code BEGIN} and {@code END} lines,
 * anything else around them.
 *
 * @param field the configuration key that names the file
 * @param path where it is
 * @param blocks what it holds, in order; at least one
 */
record PemFile(String field, Path path, List<Block> blocks) {
  private static final int LARGEST_FILE = 1 << 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  /**
   * One encoded object.
   *
   * @param label what it is, as {@code CERTIFICATE}
   * @param content its DER encoding
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Block(String label, byte[] content) {}

  /**
   * Reads a file.
   *
   * @throws UserError when it cannot be read or holds no block
   */
  static PemFile read(String field, Path path) {
    String text = text(field, path);
    try {
      List<Block> blocks =
          BLOCK
              .matcher(text)
              .results()
              .map(match ->
                  new Block(match.group(1), Base64.getMimeDecoder().decode(match.group(2))))
              .toList();
      if (!blocks.isEmpty()) {
        return new PemFile(field, path, blocks);
      }
    } catch (IllegalArgumentException _) {
      // Base64 that is none: the file is no PEM file either.
    }
    throw new UserError(
        "%s: %s is no PEM file: give one with -----BEGIN …----- lines, made from DER by `openssl x509 -inform der` or `openssl pkey -inform der`"
            .formatted(field, path));
  }

  private static String text(String field, Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(LARGEST_FILE + 1);
      if (content.length > LARGEST_FILE) {
        throw new UserError(
            "%s: %s has more than %d bytes: give the PEM file itself"
                .formatted(field, path, LARGEST_FILE));
      }
      return new String(content, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: %s does not exist: correct the path".formatted(field, path), e);
    } catch (IOException e) {
      throw new UserError(
          "%s: %s cannot be read (%s): make it readable for this user"
              .formatted(field, path, e.getClass().getSimpleName()),
          e);
    }
  }

  /** The error that this file is not what its key asks for. */
  UserError refuse(String trouble) {
    return new UserError("%s: %s %s".formatted(field, path, trouble));
  }
}
