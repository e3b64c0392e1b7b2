package dev.blindsight.camera.soak;

import dev.blindsight.camera.process.InstalledProgram;
import dev.blindsight.camera.process.JavaProcess;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts brokers on the loopback interface, each in a process of its own. */
final class SoakBrokers {
  private static final List<String> EMBEDDED_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");
  private static final int ATTEMPT_MILLIS = 500;

  private final String program;
  private final Path folder;
  private final int port;

  /**
   * @param program the class with this program's command line
   */
  SoakBrokers(String program, Path folder) throws IOException {
    this.program = program;
    this.folder = folder;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
  }

  BrokerAddress address() {
    return BrokerAddress.parse("mqtt://127.0.0.1:" + port);
  }

  /** The command of a broker on {@link #address()}. */
  ProcessBuilder command(BrokerKind kind, int clients) throws IOException {
    return switch (kind) {
      case EMBEDDED -> embedded();
      case MOSQUITTO -> mosquitto(clients);
    };
  }

  private ProcessBuilder embedded() throws IOException {
    Path configuration = folder.resolve("broker.yaml");
    Files.writeString(configuration, "port: %d\n".formatted(port));
    return new JavaProcess(
            EMBEDDED_OPTIONS, program, List.of("broker", "--config", configuration.toString()))
        .builder();
  }

  private ProcessBuilder mosquitto(int clients) throws IOException {
    Path configuration = folder.resolve("mosquitto.conf");
    Files.writeString(
        configuration,
        """
        listener %d 127.0.0.1
        allow_anonymous true
        max_topic_alias 0
        set_tcp_nodelay true
        max_connections %d
        max_queued_messages 10000
        persistence false
        """
            .formatted(port, clients));
    return new ProcessBuilder(binary().toString(), "-c", configuration.toString());
  }

  private static Path binary() {
    return InstalledProgram.find("mosquitto")
        .orElseThrow(() ->
            new UserError(
                "Mosquitto is not installed: apt-get install mosquitto, or give --broker"
                    + " embedded"));
  }

  /** Whether somebody listens. */
  boolean listening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ATTEMPT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
