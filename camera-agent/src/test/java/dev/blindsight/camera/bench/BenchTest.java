package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  @TempDir Path directory;

  private final List<String> progress = new ArrayList<>();
  private String linear = "";

  @BeforeEach
  void writeModel() throws IOException {
    linear =
        write(
            "linear.onnx",
            LinearModel.grey28("m")
                .withGraph(
                    "{\"form\": \"naive\", \"precision\": \"int8\", \"multiply_adds\": 780}"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 1, 3", "1, 3, 2"})
  void run_modelAndBaseline_areMeasuredConsistently(int threads, int workers, int batch)
      throws InterruptedException {
    BenchReport report =
        Bench.run(
            new BenchSettings(List.of("bundled"), linear, threads, workers, batch, SHORT),
            progress::add);

    assertThat(report.results()).extracting(BenchResult::model).containsExactly("bundled", linear);
    for (BenchResult result : report.results()) {
      assertThat(result.threads()).isEqualTo(threads);
      assertThat(result.workers()).isEqualTo(workers);
      assertThat(result.batch()).isEqualTo(batch);
      assertThat(result.medianMs()).isPositive().isLessThanOrEqualTo(result.p99Ms());
      assertThat(result.readoutsPerSecond()).isPositive();
      assertThat(result.gemmPeakShare())
          .isCloseTo(result.gflops() / result.gemmPeakGflops(), within(1e-12));
      assertThat(result.noise()).isNotNegative();
      assertThat(result.rounds()).isGreaterThanOrEqualTo(3);
      assertThat(result.samples())
          .isGreaterThanOrEqualTo((long) result.rounds() * workers)
          .isEqualTo(result.samples() / workers * workers);
      assertThat(result.trust()).isEqualTo(report.trust());
      assertThat(result.loadMs()).isPositive();
      if (OS.LINUX.isCurrentOs()) {
        assertThat(result.rssMb()).isPositive();
      }
    }
    BenchResult baseline = report.results().getLast();
    assertThat(baseline.ratioToBaseline()).isEqualTo(1);
    assertThat(baseline.ratioNoise()).isZero();
    assertThat(baseline.noise()).isEqualTo(report.baselineNoise());
    assertThat(baseline.variant()).isEqualTo("naive");
    assertThat(baseline.precision()).isEqualTo("int8");
    assertThat(baseline.gflops())
        .isCloseTo(2e-9 * 780 * baseline.readoutsPerSecond(), within(1e-9));
  }

  @Test
  void run_withoutBaseline_comparesWithTheFirstModel() throws InterruptedException {
    BenchReport report =
        Bench.run(
            new BenchSettings(List.of(linear, "bundled"), null, 1, 1, 1, SHORT), progress::add);

    assertThat(report.results()).extracting(BenchResult::model).containsExactly(linear, "bundled");
    assertThat(report.results().getFirst().ratioToBaseline()).isEqualTo(1);
    assertThat(report.results().getLast().ratioToBaseline()).isPositive().isNotEqualTo(1);
  }

  @Test
  void run_fileThatDoesNotTellItsGraph_isCountedByItsCard()
      throws InterruptedException, IOException {
    String plain = write("plain.onnx", LinearModel.grey28("m"));

    BenchReport report =
        Bench.run(new BenchSettings(List.of(plain), plain, 1, 1, 2, SHORT), progress::add);

    BenchResult result = report.results().getFirst();
    assertThat(report.results()).hasSize(1);
    assertThat(result.variant()).isEqualTo("unknown");
    assertThat(result.precision()).isEqualTo("unknown");
    long multiplyAdds = LinearModel.card("m", LinearModel.spec28()).architecture().multiplyAdds(78);
    assertThat(result.gflops())
        .isCloseTo(2e-9 * multiplyAdds * result.readoutsPerSecond(), within(1e-9));
  }

  @Test
  void run_fileThatTellsNonsenseOfItsGraph_namesTheFile() throws IOException {
    String wrong = write("wrong.onnx", LinearModel.grey28("m").withGraph("{\"form\": \"round\"}"));

    assertThatThrownBy(() ->
            Bench.run(
                new BenchSettings(List.of(linear, wrong), null, 1, 1, 1, SHORT), progress::add))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(wrong + ": model graph");
  }

  private String write(String name, LinearModel model) throws IOException {
    return Files.write(directory.resolve(name), model.bytes()).toString();
  }
}
