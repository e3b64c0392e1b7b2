package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.broker.LimitSettings;
import dev.blindsight.camera.tls.TestAuthority;
import dev.blindsight.camera.tls.TlsCredentials;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What brokers do that Blindsight cannot use, and what it says about them. */
class DiagnosisTest {
  private static final String HALL = "home/hall";
  private static final String[] HERE = {"127.0.0.1"};

  @TempDir Path folder;

  private TestAuthority authority;

  @BeforeEach
  void makeAuthority() {
    authority = new TestAuthority(folder);
  }

  /** Answers the first packet of each connection with fixed bytes and hangs up. */
  private static final class StubBroker implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] answer;

    StubBroker(ServerSocket listener, byte[] answer) {
      this.listener = listener;
      this.answer = answer;
      Thread.ofVirtual().start(this::serve);
    }

    BrokerAddress address(String scheme) {
      return BrokerAddress.parse("%s://127.0.0.1:%d".formatted(scheme, listener.getLocalPort()));
    }

    private void serve() {
      while (!listener.isClosed()) {
        try (Socket client = listener.accept();
            OutputStream output = client.getOutputStream()) {
          int _ = client.getInputStream().read(new byte[1024]);
          output.write(answer);
        } catch (IOException _) {
          // The client did not like the certificate, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private static StubBroker plain(byte... answer) throws IOException {
    return new StubBroker(listener(ServerSocketFactory.getDefault()), answer);
  }

  private static StubBroker encrypted(TlsSettings certificate) throws IOException {
    return encrypted(certificate, TlsCredentials.PROTOCOL);
  }

  private static StubBroker encrypted(TlsSettings certificate, String protocol) throws IOException {
    SSLServerSocket listener =
        (SSLServerSocket) listener(certificate.read().server().getServerSocketFactory());
    listener.setEnabledProtocols(new String[] {protocol});
    return new StubBroker(listener, new byte[0]);
  }

  private static ServerSocket listener(ServerSocketFactory sockets) throws IOException {
    return sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static String reason(BrokerAddress address, TlsSettings tls) throws InterruptedException {
    try (TestClient client = TestClient.connecting(address, tls, "blindsight/" + HALL)) {
      String event = client.awaitEvent();
      String broker = "broker %s: ".formatted(address);
      assertThat(event).startsWith(broker).doesNotContain("\n");
      // It goes on trying.
      assertThat(client.awaitEvent()).startsWith(broker);
      return event.substring(broker.length());
    }
  }

  private static String reason(StubBroker broker, String scheme) throws InterruptedException {
    try (TestClient client = TestClient.connecting(broker.address(scheme), (Presence) null)) {
      String event = client.awaitEvent();
      return event.substring("broker %s: ".formatted(broker.address(scheme)).length());
    }
  }

  private TlsSettings device() {
    return authority.issue(HALL);
  }

  @Test
  void broker_ofMqtt3_isTold() throws Exception {
    // CONNACK of MQTT 3.1.1 (section 3.2): unacceptable protocol version.
    try (StubBroker broker = plain((byte) 0x20, (byte) 2, (byte) 0, (byte) 1)) {
      assertThat(reason(broker, "mqtt"))
          .isEqualTo("it does not speak MQTT 5 (132): use a broker that does");
    }
  }

  @Test
  void broker_thatHangsUp_mayExpectTls() throws Exception {
    try (StubBroker broker = plain()) {
      assertThat(reason(broker, "mqtt"))
          .isEqualTo(
              "it closed the connection before it answered: if it expects TLS there, write"
                  + " mqtts://");
    }
  }

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void broker_withTlsSpokenToWithout_isTold(BrokerKind kind) throws Exception {
    try (TestBroker broker =
            kind.startSecured(authority.issue("broker", HERE), LimitSettings.STANDARD);
        TestClient client =
            TestClient.connecting(
                BrokerAddress.parse(broker.address().toString().replace("mqtts", "mqtt")),
                (Presence) null)) {
      assertThat(client.awaitEvent()).contains("if it expects TLS there, write mqtts://");
    }
  }

  @Test
  void broker_withoutTlsSpokenToWith_isTold() throws Exception {
    try (StubBroker broker = plain("no handshake".getBytes(StandardCharsets.US_ASCII))) {
      assertThat(reason(broker.address("mqtts"), device()))
          .startsWith("it does not answer in TLS (")
          .contains("then write mqtt://");
    }
  }

  @Test
  void broker_withExpiredCertificate_isTold() throws Exception {
    try (StubBroker broker = encrypted(authority.issueExpired("broker", HERE))) {
      assertThat(reason(broker.address("mqtts"), device()))
          .startsWith("its certificate has expired (NotAfter: ")
          .endsWith("renew the certificate, or set the clock");
    }
  }

  @Test
  void clock_beforeTheBrokersCertificate_isToBeSet() throws Exception {
    try (StubBroker broker = encrypted(authority.issueEarly("broker", HERE))) {
      assertThat(reason(broker.address("mqtts"), device()))
          .startsWith("its certificate is not yet valid (NotBefore: ")
          .endsWith(": set the clock");
    }
  }

  @Test
  void broker_withAnothersName_isTold() throws Exception {
    try (StubBroker broker = encrypted(authority.issue("broker", "broker.example", "127.0.0.2"))) {
      assertThat(reason(broker.address("mqtts"), device()))
          .startsWith("its certificate is for another name (No subject alternative names matching")
          .endsWith("or renew the certificate for this name");
    }
  }

  @Test
  void broker_ofAnotherAuthority_isTold() throws Exception {
    TestAuthority other = new TestAuthority(Files.createDirectory(folder.resolve("other")));
    try (StubBroker broker = encrypted(other.issue("broker", HERE))) {
      assertThat(reason(broker.address("mqtts"), device()))
          .isEqualTo(
              "its certificate is from no authority that this client trusts: give the broker's"
                  + " authority as tls.ca");
    }
  }

  @Test
  void broker_ofOlderTls_isTold() throws Exception {
    try (StubBroker broker = encrypted(authority.issue("broker", HERE), "TLSv1.2")) {
      assertThat(reason(broker.address("mqtts"), device()))
          .isEqualTo("it does not speak TLS 1.3: configure it to, or use a broker that does");
    }
  }

  @Test
  void certificate_renewedWhileTrying_isUsedWithoutRestart() throws Exception {
    TlsSettings expired = authority.issueExpired(HALL);
    TlsSettings renewed = authority.issue(HALL);
    try (TestBroker broker =
            BrokerKind.EMBEDDED.startSecured(
                authority.issue("broker", HERE), LimitSettings.STANDARD);
        TestClient client =
            TestClient.connecting(broker.address(), expired, "blindsight/" + HALL)) {
      assertThat(client.awaitEvent()).contains("expired on");

      replace(expired.certificate(), renewed.certificate());
      replace(expired.key(), renewed.key());

      client.awaitConnected();
    }
  }

  private static void replace(String old, String renewed) throws IOException {
    Files.copy(
        Path.of(Objects.requireNonNull(renewed)),
        Path.of(Objects.requireNonNull(old)),
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void settings_thatCannotWork_areRefusedAtOnce() {
    assertThatThrownBy(() -> settings("mqtt://127.0.0.1", device()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "tls is given and broker is mqtt://127.0.0.1, without TLS: write mqtts://host:port, or"
                + " remove tls");
    assertThatThrownBy(() -> settings("mqtts://[::1]", null))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("broker is mqtts://[::1]: with TLS give the host's name");
    assertThatThrownBy(() ->
            MqttConnection.to(
                settings("mqtts://127.0.0.1", new TlsSettings("/nowhere.pem", null, null)),
                List.of(),
                null))
        .isInstanceOf(UserError.class)
        .hasMessage("tls.ca: /nowhere.pem does not exist: correct the path");
  }

  private static MqttSettings settings(String address, TlsSettings tls) {
    return new MqttSettings(BrokerAddress.parse(address), tls, "x", null, 1, TestClient.QUICKLY);
  }
}
