package dev.blindsight.camera.tls;

import dev.blindsight.protocol.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one proves who one is.
 *
 * @param file where the chain was read from
 * @param chain one's own certificate first, each issued by the next
 * @param key the first certificate's private key
 */
record TlsIdentity(Path file, List<X509Certificate> chain, PrivateKey key) {
  private static final String CERTIFICATE_FIELD = "tls.certificate";
  private static final String KEY_FIELD = "tls.key";

  /**
   * Reads certificate and key.
   *
   * @throws UserError when a file cannot be used, or the key is another certificate's
   */
  static TlsIdentity read(String certificate, String key) {
    Path file = Path.of(certificate);
    List<X509Certificate> chain = PemCertificates.read(CERTIFICATE_FIELD, file);
    PublicKey publicKey = chain.getFirst().getPublicKey();
    PrivateKey privateKey = PemPrivateKey.read(KEY_FIELD, Path.of(key), publicKey.getAlgorithm());
    if (!belongTogether(publicKey, privateKey)) {
      throw new UserError(
          "%s: %s is not the key of certificate %s: give the key that the certificate was made for"
              .formatted(KEY_FIELD, key, certificate));
    }
    return new TlsIdentity(file, chain, privateKey);
  }

  /** Whether what one signs the other verifies. */
  private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
    byte[] message = "a pair".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signature = Signature.getInstance(signature(publicKey));
      signature.initSign(privateKey);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String signature(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  /** What is wrong with the certificate's dates: one line, or empty when it is valid. */
  Optional<String> trouble(Instant now) {
    X509Certificate own = chain.getFirst();
    if (now.isAfter(own.getNotAfter().toInstant())) {
      return Optional.of(
          "%s: %s expired on %s and this machine's clock says %s: renew the certificate, or set the clock"
              .formatted(CERTIFICATE_FIELD, file, own.getNotAfter().toInstant(), now));
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      return Optional.of(
          "%s: %s is valid from %s and this machine's clock says %s: set the clock"
              .formatted(CERTIFICATE_FIELD, file, own.getNotBefore().toInstant(), now));
    }
    return Optional.empty();
  }
}
