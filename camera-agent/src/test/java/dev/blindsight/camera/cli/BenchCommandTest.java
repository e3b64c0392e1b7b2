package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.LinearModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  @TempDir Path directory;

  private Path linear;

  @BeforeEach
  void writeModel() throws IOException {
    linear = Files.write(directory.resolve("m.onnx"), LinearModel.grey28("m").bytes());
  }

  @Test
  void bench_json_printsOneLineForEachModel() {
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "--model",
            "bundled",
            "--baseline",
            linear.toString(),
            "--seconds",
            "1",
            "--json");

    assertThat(run.exitCode()).isZero();
    List<JsonNode> lines = run.out().lines().map(new JsonMapper()::readTree).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines)
        .extracting(line -> line.get("model").asString())
        .containsExactly("bundled", linear.toString());
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line.propertyNames())
                .contains(
                    "model",
                    "variant",
                    "precision",
                    "threads",
                    "workers",
                    "batch",
                    "median_ms",
                    "p99_ms",
                    "readouts_per_second",
                    "gflops",
                    "gemm_peak_share",
                    "ratio_to_baseline",
                    "rss_mb",
                    "load_ms",
                    "noise",
                    "others_share",
                    "samples"));
    assertThat(lines.getLast().get("ratio_to_baseline").asDouble()).isEqualTo(1);
    assertThat(run.err()).contains("bench: measuring 2 models", "bench: noise");
  }

  @Test
  void bench_withoutJson_printsAnAlignedTable() {
    CommandLineRun run = CommandLineRun.of("bench", "--model", "bundled", "--seconds", "1");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("model ").contains("median ms");
    assertThat(lines.get(1)).startsWith("bundled ").hasSameSizeAs(lines.get(0));
    assertThat(lines.get(2)).contains("GEMM peak", "threads 1", "batch 1");
    assertThat(lines.get(3)).startsWith("noise ");
  }

  @ParameterizedTest
  @CsvSource({
    "--threads, 0, --threads is 0: give a number from 1 to 256",
    "--threads, 257, --threads is 257: give a number from 1 to 256",
    "--workers, 0, --workers is 0: give a number from 1 to 256",
    "--batch, 1025, --batch is 1025: give a number from 1 to 1024",
    "--seconds, 0, --seconds is 0: give a number from 1 to 3600",
    "--seconds, 3601, --seconds is 3601: give a number from 1 to 3600",
    "--seconds, 9223372036, --seconds",
    "--model, bundled, --model names bundled twice: name each model once",
    "--model, none.onnx, 'none.onnx: no readable file: check the path'",
    "--baseline, none.onnx, 'none.onnx: no readable file: check the path'",
  })
  void bench_badOption_isOneLine(String option, String value, String message) {
    CommandLineRun run = CommandLineRun.of("bench", "--model", "bundled", option, value);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("blindsight bench: ").contains(message).hasLineCount(1);
  }

  @Test
  void bench_fileThatIsNoModel_isOneLine() throws IOException {
    Path text = Files.writeString(directory.resolve("notes.txt"), "not a model");

    CommandLineRun run = CommandLineRun.of("bench", "--model", linear.toString(), text.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("blindsight bench: %s: is no whole ONNX model".formatted(text))
        .hasLineCount(1);
  }

  @Test
  void bench_withoutModel_asksForOne() {
    CommandLineRun run = CommandLineRun.of("bench");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--model").hasLineCount(1);
  }
}
