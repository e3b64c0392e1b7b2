package dev.blindsight.camera.sensor.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveVideoSensorTest {
  private static final SensorGeometry GREY = new SensorGeometry(32, 24, 1);
  private static final ReadoutSpec SPEC = ReadoutSpec.corenet(GREY, 0.1, false);
  private static final String[] WHITE = {
    "-re", "-f", "lavfi", "-i", "color=white:size=64x48:rate=25", "-c:v", "mpeg2video", "-g", "5"
  };

  private final FfmpegProgram ffmpeg = FfmpegProgram.installed();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    // How the program sends, and how it is received.
    "mpegts, udp://127.0.0.1:PORT?pkt_size=1316, udp://127.0.0.1:PORT",
    "mpegts, tcp://127.0.0.1:PORT?listen, tcp://127.0.0.1:PORT",
    "mpegts, tcp://127.0.0.1:PORT, tcp://127.0.0.1:PORT?listen=1",
    "mpegts, http://127.0.0.1:PORT/live.ts, http://127.0.0.1:PORT/live.ts",
    "rtsp, rtsp://127.0.0.1:PORT/live, rtsp://127.0.0.1:PORT/live?rtsp_flags=listen"
  })
  void read_stream_givesExposuresAndWhenItIsLostItIsOpenedAgain(
      String format, String sends, String receives) throws IOException {
    String port = String.valueOf(freePort(sends.startsWith("udp")));
    String target = sends.replace("PORT", port);

    try (ReadoutSensor sensor = open(receives.replace("PORT", port) + timeout(receives))) {
      for (int connection = 0; connection < 2; connection++) {
        try (Running _ = send(format, target)) {
          for (int i = 0; i < 3; i++) {
            try (Readout readout = readWhenSent(sensor)) {
              assertThat(readout.valueAt(0)).isEqualTo(255);
            }
          }
          assertThat(sensor.pace()).isInstanceOf(Pace.Live.class);
        }
        assertThatThrownBy(() -> readOn(sensor))
            .isInstanceOf(SensorException.class)
            .hasMessageStartingWith("video " + sends.substring(0, 3))
            .hasMessageEndingWith("; it is opened again for the next exposure");
      }
      assertThat(sensor.traffic().exposures()).isGreaterThanOrEqualTo(6);
      assertThat(sensor.traffic().faults()).isPositive();
    }
  }

  private static String timeout(String receives) {
    return (receives.contains("?") ? "&" : "?") + "timeout_seconds=2";
  }

  private record Running(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  private Running send(String format, String target) {
    String[] how =
        target.startsWith("http")
            ? new String[] {"-listen", "1", "-f", format, target}
            : new String[] {"-f", format, target};
    String[] arguments = Arrays.copyOf(WHITE, WHITE.length + how.length);
    System.arraycopy(how, 0, arguments, WHITE.length, how.length);
    return new Running(ffmpeg.start(arguments));
  }

  /** Until the sender is there, and while it goes, exposures may fail. */
  private Readout readWhenSent(ReadoutSensor sensor) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        return sensor.read().orElseThrow();
      } catch (SensorException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static void readOn(ReadoutSensor sensor) {
    while (true) {
      sensor.read().orElseThrow().close();
    }
  }

  @Test
  void read_backlog_givesTheNewestOnly() throws Exception {
    Scene numbered = (exposure, row, column, channel) -> (int) exposure;
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), numbered, GREY, 50);

    try (ServerSocket server = server();
        ReadoutSensor sensor = open("tcp://127.0.0.1:" + server.getLocalPort())) {
      CompletableFuture<Readout> first = read(sensor);
      int shown;
      try (Socket connection = server.accept()) {
        connection.getOutputStream().write(Files.readAllBytes(video));
        shown = numberOf(first.get());
        // All of it is decoded without anybody asking for it.
        while (sensor.traffic().channels() < 50L * GREY.elements()) {
          LockSupport.parkNanos(1_000_000);
        }
      }
      // The first may be any, as late as the last; one may be shown just before the last.
      while (shown < 49) {
        shown = numberOf(sensor.read().orElseThrow());
      }
      assertThat(shown).isEqualTo(49);
      assertThat(sensor.traffic().exposures()).isLessThanOrEqualTo(3);
    }
  }

  private static int numberOf(Readout readout) {
    try (readout) {
      return readout.valueAt(0);
    }
  }

  private static CompletableFuture<Readout> read(ReadoutSensor sensor) {
    return CompletableFuture.supplyAsync(() -> sensor.read().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?paced=false"})
  void close_whileAnExposureWaits_endsIt(String options) throws Exception {
    try (ServerSocket server = server()) {
      ReadoutSensor sensor = open("tcp://127.0.0.1:" + server.getLocalPort() + options);
      CompletableFuture<Optional<Readout>> waiting = CompletableFuture.supplyAsync(sensor::read);
      try (Socket _ = server.accept()) {
        sensor.close();
        assertThat(waiting.get()).isEmpty();
      }
      sensor.close();
      assertThat(sensor.read()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp", "http", "tcp"})
  void read_nobodyThere_saysSoWithoutThePassword(String transport) throws IOException {
    int port = freePort(false);

    try (ReadoutSensor sensor =
        open(transport + "://me:pass%40word@127.0.0.1:" + port + "/x?y=z")) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessage(
              "video %s://127.0.0.1:%d/x: Connection refused; it is opened again for the next exposure"
                  .formatted(transport, port));
    }
  }

  @Test
  void read_nothingComes_saysSoAfterTheTimeout() throws IOException {
    try (ServerSocket server = server();
        ReadoutSensor sensor =
            open("http://127.0.0.1:" + server.getLocalPort() + "/x?timeout_seconds=1")) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining(
              "nothing came for 1 s: check that it sends, or raise timeout_seconds");
    }
  }

  @Test
  void read_serverRefusesAccess_saysWhatToCheck() throws Exception {
    try (ServerSocket server = server();
        ReadoutSensor sensor = open("http://127.0.0.1:" + server.getLocalPort() + "/x")) {
      CompletableFuture<Readout> reading = read(sensor);
      try (Socket connection = server.accept()) {
        connection
            .getOutputStream()
            .write(
                "HTTP/1.0 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      }
      assertThatThrownBy(reading::join)
          .hasCauseInstanceOf(SensorException.class)
          .hasMessageContaining("access is refused: check user name and password");
    }
  }

  @Test
  void read_recordingBehindHttp_endsWhenPicturesAreAskedForOneByOne() throws Exception {
    Scene numbered = (exposure, row, column, channel) -> (int) exposure;
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), numbered, GREY, 4);

    try (ServerSocket server = server();
        ReadoutSensor sensor =
            open("http://127.0.0.1:" + server.getLocalPort() + "/n.mkv?paced=false")) {
      CompletableFuture<Readout> first = read(sensor);
      try (Socket connection = server.accept()) {
        connection
            .getOutputStream()
            .write(
                "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n"
                    .formatted(Files.size(video))
                    .getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().write(Files.readAllBytes(video));
      }
      first.get().close();
      for (int i = 1; i < 4; i++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.valueAt(0)).isEqualTo(i);
        }
      }
      assertThat(sensor.read()).isEmpty();
    }
  }

  @Test
  void read_pacedFile_playsAtItsOwnSpeedAndEnds() {
    Scene numbered = (exposure, row, column, channel) -> (int) exposure;
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), numbered, GREY, 10);
    long start = System.nanoTime();

    try (ReadoutSensor sensor = open(video + "?paced=true")) {
      int last = -1;
      for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
        try (Readout readout = next.get()) {
          assertThat(readout.valueAt(0)).isGreaterThan(last);
          last = readout.valueAt(0);
        }
      }
      assertThat(last).isEqualTo(9);
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(25, 25));
    }
    // Never before its time: the tenth picture is due after nine 25ths of a second.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(359));
  }

  @ParameterizedTest
  @ValueSource(strings = {"replay:ftp://host/x", "rtsp:camera", "rtsp://", "http://u:p/w@host/x"})
  void open_noAddress_saysHowToWriteOne(String source) {
    assertThatThrownBy(() -> open(source))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("rtsp://user:password@host:554/path")
        .hasMessageNotContaining("p/w");
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static int freePort(boolean datagrams) throws IOException {
    if (datagrams) {
      try (DatagramSocket socket =
          new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        return socket.getLocalPort();
      }
    }
    try (ServerSocket socket = server()) {
      return socket.getLocalPort();
    }
  }

  private static ReadoutSensor open(String source) {
    return ReadoutSensors.open(SensorSource.parse(source), SPEC, "device");
  }
}
