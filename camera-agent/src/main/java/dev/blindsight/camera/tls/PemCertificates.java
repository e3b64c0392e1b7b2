package dev.blindsight.camera.tls;

import dev.blindsight.protocol.UserError;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the X.509 certificates of a PEM file. */
final class PemCertificates {
  private static final String LABEL = "CERTIFICATE";

  private PemCertificates() {}

  /**
   * Reads a file.
   *
   * @return its certificates in order, at least one
   * @throws UserError when it cannot be read, or holds no certificate or a damaged one
   */
  static List<X509Certificate> read(String field, Path path) {
    PemFile file = PemFile.read(field, path);
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemFile.Block block : file.blocks()) {
        if (block.label().equals(LABEL)) {
          certificates.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.content())));
        }
      }
    } catch (CertificateException e) {
      throw file.refuse("holds a damaged certificate: copy it again");
    }
    if (certificates.isEmpty()) {
      throw file.refuse(
          "holds no certificate but %s: give the file with -----BEGIN CERTIFICATE-----"
              .formatted(file.blocks().getFirst().label()));
    }
    return List.copyOf(certificates);
  }
}
