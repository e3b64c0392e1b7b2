package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {
  @Test
  void demo_fourHundredReadouts_areAllAnsweredHalfHereHalfByTheWorker() {
    CommandLineRun run = CommandLineRun.of("demo", "--headless", "--readouts", "400", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).hasLineCount(1);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("readouts").asLong()).isEqualTo(400);
    assertThat(report.get("answered").asLong()).isEqualTo(400);
    assertThat(report.get("local").asLong()).isEqualTo(200);
    assertThat(report.get("remote").asLong()).isEqualTo(200);
    assertThat(report.get("lost").asLong()).isZero();
    assertThat(report.get("duplicated").asLong()).isNotNegative();
    assertThat(report.get("accuracy").asDouble()).isBetween(0.78, 1.0);
    assertThat(report.get("p50_ms").asDouble()).isPositive();
    assertThat(report.get("p99_ms").asDouble())
        .isGreaterThanOrEqualTo(report.get("p50_ms").asDouble());
  }

  @Test
  void demo_oddNumberOfReadouts_isSharedToTheLast() {
    CommandLineRun run = CommandLineRun.of("demo", "--headless", "--readouts", "7");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("7 readouts, 7 answered (4 on the device, 3 by the worker), 0 lost");
  }

  @Test
  void demo_portInUse_isOneLine() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandLineRun run =
          CommandLineRun.of("demo", "--port", Integer.toString(holder.getLocalPort()));

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains(Integer.toString(holder.getLocalPort())).hasLineCount(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--readouts=0", "--source=nowhere:x", "--source=/no/such/folder"})
  void demo_badInput_isOneLineWithExitCodeTwo(String option) {
    CommandLineRun run = CommandLineRun.of("demo", "--headless", option);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("blindsight demo: ").hasLineCount(1);
  }
}
