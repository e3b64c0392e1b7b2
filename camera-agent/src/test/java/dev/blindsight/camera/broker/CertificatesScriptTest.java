package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.tls.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that the documentation gives for making certificates. */
class CertificatesScriptTest {
  private static final Path SCRIPT = Path.of("..", "docs", "deploy", "certificates.sh");

  @TempDir Path folder;

  @BeforeEach
  void requireOpenSsl() {
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(
          Files.isExecutable(Path.of("/usr/bin/openssl")),
          "OpenSSL is not installed: apt-get install openssl");
    }
  }

  private record Run(int exitCode, String output) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString(), folder.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private TlsSettings made(String prefix) {
    return new TlsSettings(
        folder.resolve("ca.pem").toString(),
        folder.resolve(prefix + ".pem").toString(),
        folder.resolve(prefix + ".key").toString());
  }

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void script_asDocumented_makesWhatBrokerAndClientsNeed(BrokerKind kind) throws Exception {
    assertThat(run("ca").exitCode()).isZero();
    assertThat(run("broker", "localhost", "127.0.0.1").exitCode()).isZero();
    assertThat(run("client", "home/hall").exitCode()).isZero();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("home/hall.key"))))
        .isEqualTo("rw-------");

    try (TestBroker broker = kind.startSecured(made("broker"), LimitSettings.STANDARD);
        TestClient device =
            TestClient.connecting(broker.address(), made("home/hall"), "blindsight/home/hall")) {
      device.awaitConnected();
      device.publish("blindsight/home/hall/result", "x").join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hall", "home/hall/door", "home/ha ll", "../ca", "home/.."})
  void script_nameOfNobody_isRefused(String name) throws Exception {
    assertThat(run("ca").exitCode()).isZero();

    Run client = run("client", name);

    assertThat(client.exitCode()).isEqualTo(2);
    assertThat(client.output())
        .contains(name + " is not SITE/DEVICE, worker/NAME or operator/NAME");
  }

  @Test
  void script_runTwice_replacesNoKey() throws Exception {
    assertThat(run("ca").exitCode()).isZero();
    byte[] key = Files.readAllBytes(folder.resolve("ca.key"));

    Run again = run("ca");

    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.output()).contains("exists: remove it first");
    assertThat(folder.resolve("ca.key")).hasBinaryContent(key);
  }
}
