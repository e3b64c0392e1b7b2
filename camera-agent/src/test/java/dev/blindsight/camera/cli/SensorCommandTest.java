package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorCommandTest {
  @TempDir Path folder;

  @Test
  void list_json_namesEveryKindWithItsGuarantee() {
    CommandLineRun run = CommandLineRun.of("sensor", "list", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anySatisfy(line ->
            assertThat(line).startsWith("{\"name\":\"simulated\",\"guarantee\":\"addressed\""));
  }

  @Test
  void list_plain_hasAnExampleOfEachKind() {
    CommandLineRun run = CommandLineRun.of("sensor", "list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("simulated:pictures/test?loop=true");
  }

  @Test
  void check_aSensorAtWork_readsTheKeptShareAndLeavesNoFrame() throws IOException {
    CommandLineRun run = check("simulated:fashion-mnist-400?start=1&count=20", "");

    // The simulated chip stands for the world: the picture that it shows is in this heap.
    assertThat(run.out())
        .contains("\"guarantee\":\"addressed\"")
        .contains("\"exposures\":20")
        .contains("\"channels_per_exposure\":78.0")
        .contains("\"bus_bytes_per_exposure\":78.0")
        .contains("\"verdict\":\"frame\"")
        .contains("\"planted_found\":true");
    assertThat(run.exitCode()).isOne();
  }

  @Test
  void check_aSourceBelowTheMinimum_isRefusedInOneLine() throws IOException {
    CommandLineRun run = check("simulated:nowhere", "  minimum_guarantee: addressed\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void check_anUnknownMinimum_isRefusedByName() throws IOException {
    CommandLineRun run = check("simulated:fashion-mnist-400", "  minimum_guarantee: adressed\n");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("minimum_guarantee").contains("addressed");
  }

  private CommandLineRun check(String source, String more) throws IOException {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(
        file,
        """
        site: home
        device: hall
        broker: mqtt://127.0.0.1:1883
        model: bundled
        sensor:
          source: %s
        %s\
        """
            .formatted(source, more));
    return CommandLineRun.of("sensor", "check", "--config", file.toString(), "--json");
  }
}
