package dev.blindsight.camera.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that writes PEM files to a folder. */
public final class TestAuthority {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration YEAR = Duration.ofDays(365);

  private final Path folder;
  private final X500Principal name;
  private final KeyPair keys;
  private final Path certificate;
  private final AtomicInteger issued = new AtomicInteger();

  /**
   * A new authority.
   *
   * @param folder of its own
   */
  public TestAuthority(Path folder) {
    this.folder = folder;
    this.name = new X500Principal("CN=authority of " + folder.getFileName());
    this.keys = keyPair("EC", 256);
    this.certificate = write("ca.pem", "CERTIFICATE", own());
  }

  /** The file with its own certificate. */
  public Path certificate() {
    return certificate;
  }

  /** A certificate valid now, with an elliptic key. */
  public TlsSettings issue(String commonName, String... hosts) {
    Instant now = Instant.now();
    return issue(commonName, "EC", now.minus(YEAR), now.plus(YEAR), hosts);
  }

  /** A certificate whose year ended yesterday. */
  public TlsSettings issueExpired(String commonName, String... hosts) {
    Instant end = Instant.now().minus(Duration.ofDays(1));
    return issue(commonName, "EC", end.minus(YEAR), end, hosts);
  }

  /** A certificate whose year begins tomorrow. */
  public TlsSettings issueEarly(String commonName, String... hosts) {
    Instant begin = Instant.now().plus(Duration.ofDays(1));
    return issue(commonName, "EC", begin, begin.plus(YEAR), hosts);
  }

  /**
   * A certificate.
   *
   * @param algorithm of its key: {@code EC}, {@code RSA} or {@code Ed25519}
   * @param hosts names and addresses it is for, when it is a server's
   */
  public TlsSettings issue(
      String commonName, String algorithm, Instant from, Instant until, String... hosts) {
    KeyPair pair =
        keyPair(algorithm, algorithm.equals("RSA") ? 2048 : algorithm.equals("EC") ? 256 : 255);
    X509v3CertificateBuilder builder =
        builder(new X500Principal("CN=" + commonName), pair, from, until);
    int number = issued.incrementAndGet();
    try {
      if (hosts.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
      }
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
    Path chain = write("certificate-" + number + ".pem", "CERTIFICATE", sign(builder));
    Path key = write("key-" + number + ".pem", "PRIVATE KEY", pair.getPrivate());
    return new TlsSettings(certificate.toString(), chain.toString(), key.toString());
  }

  private static GeneralNames names(String... hosts) {
    GeneralName[] names = new GeneralName[hosts.length];
    for (int i = 0; i < hosts.length; i++) {
      boolean address = Character.isDigit(hosts[i].charAt(0));
      names[i] = new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, hosts[i]);
    }
    return new GeneralNames(names);
  }

  private Certificate own() {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder = builder(name, keys, now.minus(YEAR), now.plus(YEAR));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    } catch (CertIOException e) {
      throw new UncheckedIOException(e);
    }
    return sign(builder);
  }

  private X509v3CertificateBuilder builder(
      X500Principal subject, KeyPair pair, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(
        name,
        new BigInteger(127, RANDOM),
        Date.from(from),
        Date.from(until),
        subject,
        pair.getPublic());
  }

  private Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String file, String label, Certificate certificate) {
    try {
      return write(file, label, certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String file, String label, PrivateKey key) {
    return write(file, label, ((Key) key).getEncoded());
  }

  private Path write(String file, String label, byte[] content) {
    Path path = folder.resolve(file);
    try {
      return Files.writeString(path, pem(label, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RFC 7468. */
  static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), label);
  }
}
