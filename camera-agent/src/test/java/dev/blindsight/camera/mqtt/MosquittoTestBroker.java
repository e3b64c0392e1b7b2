package dev.blindsight.camera.mqtt;

import dev.blindsight.firmware.profile.BrokerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Mosquitto in a process of its own, ended by its id. */
final class MosquittoTestBroker implements TestBroker {
  private final Path binary;
  private final Path configuration;
  private final int port;
  private Process process;

  private MosquittoTestBroker(Path binary, Path configuration, int port) {
    this.binary = binary;
    this.configuration = configuration;
    this.port = port;
    this.process = launch();
  }

  static MosquittoTestBroker start() {
    Optional<Path> binary = binary();
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(
          binary.isPresent(), "Mosquitto is not installed: apt-get install mosquitto");
    }
    try {
      int port = freePort();
      Path configuration = Files.createTempFile("mosquitto", ".conf");
      Files.writeString(
          configuration,
          """
          listener %d 127.0.0.1
          allow_anonymous true
          max_topic_alias 0
          set_tcp_nodelay true
          persistence false
          """
              .formatted(port));
      return new MosquittoTestBroker(binary.orElseThrow(), configuration, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Debian puts it in a folder that is not on everybody's path. */
  private static Optional<Path> binary() {
    Stream<String> folders =
        Stream.concat(
            Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"));
    return folders
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() {
    try {
      Process started =
          new ProcessBuilder(binary.toString(), "-v", "-c", configuration.toString())
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
    return BrokerAddress.parse("mqtt://127.0.0.1:" + port);
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
    try {
      Files.deleteIfExists(configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
