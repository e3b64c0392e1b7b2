package dev.blindsight.camera.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoakTest {
  private static final String PROGRAM = "dev.blindsight.camera.cli.Blindsight";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void run_everybodyKilledOnTheWay_losesNothingAndAnswersRight(BrokerKind broker) throws Exception {
    SoakSettings settings =
        new SoakSettings(broker, "bundled", 600, 3, 2, null, 1, 1, 1, 60.0, 16, 0);

    SoakReport report = Soak.run(settings, PROGRAM, folder, line -> {}, new CompletableFuture<>());

    assertThat(report.readouts()).isEqualTo(600);
    assertThat(report.answered()).isEqualTo(600);
    assertThat(report.lost()).isZero();
    assertThat(report.wrong()).isZero();
    assertThat(report.refused()).isZero();
    assertThat(report.killed()).isEqualTo(3);
    assertThat(report.reconnects()).isNotNull();
    assertThat(report.readoutsPerSecond()).isPositive();
    assertThat(report.lateReadoutsPerSecond()).isPositive();
    assertThat(report.p99Ms()).isGreaterThanOrEqualTo(report.p50Ms());
  }

  @Test
  void settings_moreCamerasThanReadouts_isOneLine() {
    assertThatThrownBy(() ->
            new SoakSettings(BrokerKind.EMBEDDED, "bundled", 2, 3, 1, null, 0, 0, 0, null, 16, 0))
        .isInstanceOf(UserError.class)
        .hasMessage("--cameras is 3: give 1 to 2");
  }
}
