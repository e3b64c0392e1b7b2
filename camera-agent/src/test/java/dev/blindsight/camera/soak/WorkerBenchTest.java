package dev.blindsight.camera.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerBenchTest {
  private static final String PROGRAM = "dev.blindsight.camera.cli.Blindsight";
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void run_shortTurns_answersRightAndTellsBothRates(BrokerKind broker) throws Exception {
    WorkerBenchReport report =
        WorkerBench.run(
            new WorkerBenchSettings(broker, "bundled", 1, 1, 2, 16, 4, 2, SECOND, SECOND),
            PROGRAM,
            folder,
            line -> {},
            new CompletableFuture<>());

    assertThat(report.wrong()).isZero();
    assertThat(report.answered()).isGreaterThan(report.rounds());
    assertThat(report.directPerSecond()).isPositive();
    assertThat(report.workerPerSecond()).isPositive();
    assertThat(report.share()).isBetween(report.shareLow(), report.shareHigh());
    assertThat(report.readoutBytes()).isEqualTo(78);
  }

  @Test
  void settings_withoutWindow_sendFewLargeReadoutsAndEachAlone() {
    WorkerBenchSettings settings =
        new WorkerBenchSettings(
            BrokerKind.EMBEDDED, "bundled", 1, 1, 1, null, null, 1, SECOND, SECOND);

    assertThat(settings.togetherFor(15_052)).isEqualTo(1);
    assertThat(settings.windowFor(15_052)).isEqualTo(2);
    assertThat(settings.togetherFor(78)).isEqualTo(8);
    assertThat(settings.windowFor(78)).isEqualTo(64);
  }

  @Test
  void run_stopped_endsWithoutAReport() {
    assertThatThrownBy(() ->
            WorkerBench.run(
                new WorkerBenchSettings(
                    BrokerKind.EMBEDDED, "bundled", 1, 1, 1, 1, 1, 1, SECOND, SECOND),
                PROGRAM,
                folder,
                line -> {},
                CompletableFuture.completedFuture(null)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void settings_moreTogetherThanABatchHolds_isOneLine() {
    assertThatThrownBy(() ->
            new WorkerBenchSettings(
                BrokerKind.EMBEDDED, "bundled", 1, 1, 1, 100, 65, 1, SECOND, SECOND))
        .isInstanceOf(UserError.class)
        .hasMessage("--together is 65: give 1 to 64");
  }

  @Test
  void run_modelMissing_isOneLine() {
    assertThatThrownBy(() ->
            WorkerBench.run(
                new WorkerBenchSettings(
                    BrokerKind.EMBEDDED, "missing.onnx", 1, 1, 1, 1, 1, 1, SECOND, SECOND),
                PROGRAM,
                folder,
                line -> {},
                new CompletableFuture<>()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("missing.onnx");
  }
}
