package dev.blindsight.camera.tls;

import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tls} part of a configuration file: PEM files (RFC 7468).
 *
 * @param ca the certificates of the authorities that the other end's certificate must come from;
 *     absent, those that Java trusts
 * @param certificate one's own certificate, followed by those between it and the authority; absent,
 *     one does not say who one is
 * @param key the private key of {@code certificate}, PKCS#8, not encrypted; there if and only if
 *     {@code certificate} is
 */
public record TlsSettings(@Nullable String ca, @Nullable String certificate, @Nullable String key) {
  /** Trusts whom Java trusts, and has no certificate of its own. */
  public static final TlsSettings STANDARD = new TlsSettings(null, null, null);

  /**
   * @throws UserError when a certificate comes without its key or the reverse
   */
  public TlsSettings {
    if (certificate != null && key == null) {
      throw new UserError("key is missing: give the private key of certificate too");
    }
    if (certificate == null && key != null) {
      throw new UserError("certificate is missing: give the certificate of key too");
    }
  }

  /**
   * Reads the files.
   *
   * @throws UserError one line that names key, file and remedy, when a file cannot be used
   */
  public TlsCredentials read() {
    return new TlsCredentials(
        ca == null ? List.of() : PemCertificates.read("tls.ca", Path.of(ca)),
        certificate == null || key == null ? null : TlsIdentity.read(certificate, key));
  }
}
