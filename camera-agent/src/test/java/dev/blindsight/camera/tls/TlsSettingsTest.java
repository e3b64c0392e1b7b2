package dev.blindsight.camera.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;

  private final Instant now = Instant.now();
  private TestAuthority authority;

  @BeforeEach
  void makeAuthority() {
    authority = new TestAuthority(folder);
  }

  private TlsSettings issued(String algorithm) {
    return authority.issue("home/hall", algorithm, now.minus(DAY), now.plus(DAY));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static byte[] content(String path) throws IOException {
    return Files.readAllBytes(Path.of(path));
  }

  private static void assertRefused(TlsSettings settings, String message) {
    assertThatThrownBy(settings::read).isInstanceOf(UserError.class).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void read_keyOfAnyKind_isUsable(String algorithm) {
    TlsCredentials credentials = issued(algorithm).read();

    assertThat(credentials.trouble(now)).isEmpty();
    assertThat(credentials.server().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(credentials.client().certificate())
        .hasValueSatisfying(file -> assertThat(file).startsWith(folder.toString()));
  }

  @Test
  void read_nothing_trustsWhomJavaTrusts() {
    assertThat(TlsSettings.STANDARD.read().client().certificate()).isEmpty();
  }

  @Test
  void read_textAroundTheBlocks_isSkipped() throws IOException {
    TlsSettings issued = issued("EC");
    String certificate = Files.readString(Path.of(Objects.requireNonNull(issued.certificate())));
    Path chatty = write("chatty.pem", "subject=CN = home/hall\r\n" + certificate + "the end\n");

    assertThatCode(() -> new TlsSettings(null, chatty.toString(), issued.key()).read())
        .doesNotThrowAnyException();
  }

  @Test
  void settings_halfAnIdentity_saysWhichHalfIsMissing() {
    assertThatThrownBy(() -> new TlsSettings(null, "certificate.pem", null))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("key is missing");
    assertThatThrownBy(() -> new TlsSettings(null, null, "key.pem"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("certificate is missing");
  }

  @Test
  void read_missingFile_namesKeyFileAndRemedy() {
    assertRefused(
        new TlsSettings("/nowhere/ca.pem", null, null),
        "tls.ca: /nowhere/ca.pem does not exist: correct the path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n"
      })
  void read_noPem_saysSo(String content) throws IOException {
    Path file = write("ca.pem", content);

    assertRefused(
        new TlsSettings(file.toString(), null, null), "tls.ca: " + file + " is no PEM file: give");
  }

  @Test
  void read_damagedCertificate_saysSo() throws IOException {
    Path file = write("ca.pem", TestAuthority.pem("CERTIFICATE", new byte[100]));

    assertRefused(new TlsSettings(file.toString(), null, null), "holds a damaged certificate");
  }

  @Test
  void read_oversizedFile_isNotReadWhole() throws IOException {
    Path file = write("ca.pem", "x".repeat((1 << 20) + 1));

    assertRefused(new TlsSettings(file.toString(), null, null), "has more than 1048576 bytes");
  }

  @Test
  void read_keyInPlaceOfCertificate_saysWhatItIs() {
    TlsSettings issued = issued("EC");

    assertRefused(
        new TlsSettings(null, issued.key(), issued.key()),
        "tls.certificate: %s holds no certificate but PRIVATE KEY".formatted(issued.key()));
    assertRefused(
        new TlsSettings(null, issued.certificate(), issued.certificate()),
        "tls.key: %s holds no private key but CERTIFICATE".formatted(issued.certificate()));
  }

  @ParameterizedTest
  @CsvSource({
    "ENCRYPTED PRIVATE KEY, is encrypted: decrypt it with `openssl pkey",
    "RSA PRIVATE KEY, is a key in the form of before PKCS#8 (RSA PRIVATE KEY): convert it",
    "EC PRIVATE KEY, is a key in the form of before PKCS#8 (EC PRIVATE KEY): convert it",
    "PRIVATE KEY, holds no EC key"
  })
  void read_keyInAnotherForm_saysHowToConvertIt(String label, String message) throws IOException {
    Path key =
        write("key.pem", TestAuthority.pem(label, "no key".getBytes(StandardCharsets.UTF_8)));

    assertRefused(new TlsSettings(null, issued("EC").certificate(), key.toString()), message);
  }

  @ParameterizedTest
  @CsvSource({
    "EC, EC, is not the key of certificate",
    "RSA, RSA, is not the key of certificate",
    "EC, RSA, holds no EC key"
  })
  void read_keyOfAnotherCertificate_saysSo(String one, String other, String message) {
    TlsSettings settings = new TlsSettings(null, issued(one).certificate(), issued(other).key());

    assertRefused(settings, message);
  }

  @Test
  void read_mutatedFile_isRefusedInOneLineOrReadTheSame() throws IOException {
    TlsSettings issued = issued("EC");
    byte[] good = content(Objects.requireNonNull(issued.key()));
    for (int i = 0; i < good.length; i++) {
      byte[] mutated = good.clone();
      mutated[i] ^= 4;
      Path file = Files.write(folder.resolve("mutated.pem"), mutated);
      try {
        new TlsSettings(null, issued.certificate(), file.toString()).read();
      } catch (UserError e) {
        assertThat(e.getMessage()).startsWith("tls.key: " + file).doesNotContain("\n");
      }
    }
  }

  @Test
  void trouble_outsideItsDates_namesTheFileAndTheClock() {
    TlsSettings issued = issued("EC");
    TlsCredentials credentials = issued.read();

    assertThat(credentials.trouble(now.plus(DAY).plusSeconds(2)))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith("tls.certificate: %s expired on".formatted(issued.certificate()))
                .endsWith("renew the certificate, or set the clock"));
    assertThat(credentials.trouble(Instant.EPOCH))
        .hasValueSatisfying(line ->
            assertThat(line)
                .startsWith("tls.certificate: %s is valid from".formatted(issued.certificate()))
                .endsWith("clock says 1970-01-01T00:00:00Z: set the clock"));
  }
}
