package dev.blindsight.camera.tls;

import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Reads the private key of a PEM file: PKCS#8 (RFC 5958), of the kind its certificate has. */
final class PemPrivateKey {
  private static final String LABEL = "PRIVATE KEY";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String TRADITIONAL = " PRIVATE KEY";

  private PemPrivateKey() {}

  /**
   * Reads a file.
   *
   * @param algorithm of the key, as {@code RSA} or {@code EC}
   * @throws UserError when it cannot be read, or holds no such key
   */
  static PrivateKey read(String field, Path path, String algorithm) {
    PemFile file = PemFile.read(field, path);
    // A file made by `openssl ecparam` begins with the curve.
    PemFile.Block block =
        file.blocks().stream()
            .filter(candidate -> candidate.label().endsWith(LABEL))
            .findFirst()
            .orElseThrow(() ->
                file.refuse(
                    "holds no private key but %s: give the file with -----BEGIN PRIVATE KEY-----"
                        .formatted(file.blocks().getFirst().label())));
    try {
      return decode(file, block, algorithm);
    } finally {
      Arrays.fill(block.content(), (byte) 0);
    }
  }

  private static PrivateKey decode(PemFile file, PemFile.Block block, String algorithm) {
    if (block.label().equals(ENCRYPTED)) {
      throw file.refuse(
          "is encrypted: decrypt it with `openssl pkey -in %s -out plain.pem` and keep it readable for this user only"
              .formatted(file.path()));
    }
    if (block.label().endsWith(TRADITIONAL)) {
      throw file.refuse(
          "is a key in the form of before PKCS#8 (%s): convert it with `openssl pkey -in %s -out pkcs8.pem`"
              .formatted(block.label(), file.path()));
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(block.content()));
    } catch (GeneralSecurityException _) {
      // The cause could quote the key.
      throw file.refuse(
          "holds no %s key, which the certificate asks for: give the key that the certificate was made for"
              .formatted(algorithm));
    }
  }
}
