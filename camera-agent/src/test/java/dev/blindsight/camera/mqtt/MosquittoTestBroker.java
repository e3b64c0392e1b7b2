package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.broker.LimitSettings;
import dev.blindsight.camera.process.InstalledProgram;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Mosquitto in a process of its own, ended by its id. */
final class MosquittoTestBroker implements TestBroker {
  private static final String CONFIGURATION = "mosquitto.conf";
  private static final Path DOCUMENTED = Path.of("..", "docs", "deploy", "mosquitto");

  private final Path binary;
  private final Path folder;
  private final String scheme;
  private final int port;
  private Process process;

  private MosquittoTestBroker(Path folder, String scheme, int port) {
    this.binary = binary();
    this.folder = folder;
    this.scheme = scheme;
    this.port = port;
    this.process = launch();
  }

  static MosquittoTestBroker start() {
    try {
      int port = freePort();
      Path folder = Files.createTempDirectory("mosquitto");
      Files.writeString(
          folder.resolve(CONFIGURATION),
          """
          listener %d 127.0.0.1
          allow_anonymous true
          max_topic_alias 0
          set_tcp_nodelay true
          persistence false
          """
              .formatted(port));
      return new MosquittoTestBroker(folder, "mqtt", port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the very files that the documentation gives, but for port, paths and limits. */
  static MosquittoTestBroker startSecured(TlsSettings certificate, LimitSettings limits) {
    try {
      int port = freePort();
      Path folder = Files.createTempDirectory("mosquitto");
      Files.copy(DOCUMENTED.resolve("acl"), folder.resolve("acl"));
      copy(certificate.ca(), folder.resolve("ca.pem"));
      copy(certificate.certificate(), folder.resolve("broker.pem"));
      copy(certificate.key(), folder.resolve("broker.key"));
      String documented = Files.readString(DOCUMENTED.resolve(CONFIGURATION));
      String adapted =
          documented
              .replace("listener 8883\n", "listener %d 127.0.0.1\n".formatted(port))
              .replace("/etc/mosquitto/blindsight", folder.toString());
      if (limits.connections() != null) {
        adapted =
            adapted.replace("max_connections 2000", "max_connections " + limits.connections());
      }
      if (limits.packetBytes() != null) {
        adapted =
            adapted.replace("max_packet_size 65536", "max_packet_size " + limits.packetBytes());
      }
      // Started by root, it would become a user who cannot read these files.
      Files.writeString(
          folder.resolve(CONFIGURATION),
          adapted + "user " + System.getProperty("user.name") + "\n");
      return new MosquittoTestBroker(folder, "mqtts", port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(@Nullable String from, Path to) throws IOException {
    Files.copy(Path.of(Objects.requireNonNull(from)), to);
  }

  private static Path binary() {
    Optional<Path> binary = InstalledProgram.find("mosquitto");
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(
          binary.isPresent(), "Mosquitto is not installed: apt-get install mosquitto");
    }
    return binary.orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() {
    try {
      Process started =
          new ProcessBuilder(
                  binary.toString(), "-v", "-c", folder.resolve(CONFIGURATION).toString())
              .redirectErrorStream(true)
              .start();
      CompletableFuture<Void> running = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> follow(started, running));
      running.join();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void follow(Process started, CompletableFuture<Void> running) {
    StringBuilder log = new StringBuilder();
    try (BufferedReader lines = started.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.append(line).append('\n');
        if (line.endsWith(" running")) {
          running.complete(null);
        }
      }
    } catch (IOException _) {
      // It ended.
    }
    running.completeExceptionally(new IllegalStateException("Mosquitto ended: " + log));
  }

  @Override
  public BrokerAddress address() {
    return BrokerAddress.parse(scheme + "://127.0.0.1:" + port);
  }

  @Override
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void restart() {
    process = launch();
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
