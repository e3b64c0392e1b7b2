package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FootprintProcessTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  @EnabledOnOs(OS.LINUX)
  void run_probeOfTheBundledModel_tellsMemoryAndTimes() throws InterruptedException {
    Trial trial = run(FootprintProbe.class, LONG, "bundled", "1", "2", "3");

    assertThat(trial)
        .isInstanceOfSatisfying(
            Trial.Measured.class,
            measured -> {
              Footprint footprint = measured.footprint();
              assertThat(footprint.rssMb()).isPositive().isLessThanOrEqualTo(footprint.peakRssMb());
              assertThat(footprint.loadMs()).isPositive();
              assertThat(footprint.firstAnswerMs()).isGreaterThan(footprint.loadMs());
            });
  }

  @Test
  void run_probeOfAMissingModel_passesOnTheReason() throws InterruptedException {
    assertThat(run(FootprintProbe.class, LONG, "none.onnx", "1", "1", "1"))
        .isEqualTo(
            new Trial.Failed(
                "its process ended with exit code 2: none.onnx: no readable file: check the path"));
  }

  @ParameterizedTest
  @EnabledOnOs(OS.LINUX)
  @CsvSource({
    "ILL, its process died of an illegal instruction",
    "SEGV, its process died of a segmentation fault (SIGSEGV)",
    "KILL, its process was killed by signal 9"
  })
  void run_programThatASignalEnds_saysWhich(String signal, String reason)
      throws InterruptedException {
    assertThat(run(Dying.class, LONG, signal))
        .isInstanceOfSatisfying(
            Trial.Crashed.class, crashed -> assertThat(crashed.reason()).startsWith(reason));
  }

  @Test
  void run_programThatNeverEnds_isEnded() throws InterruptedException {
    assertThat(run(Endless.class, Duration.ofSeconds(1)))
        .isEqualTo(new Trial.Failed("its process had not ended after 1 s"));
  }

  @Test
  void run_programThatPrintsSomethingElse_isNotBelieved() throws InterruptedException {
    assertThat(run(Talkative.class, LONG))
        .isInstanceOfSatisfying(
            Trial.Failed.class,
            failed -> assertThat(failed.reason()).startsWith("what its process printed"));
  }

  private static Trial run(Class<?> main, Duration patience, String... arguments)
      throws InterruptedException {
    return new FootprintProcess(main, patience).run(List.of(arguments));
  }

  /** Sends itself a signal, as the processor does when it meets what it cannot do. */
  static final class Dying {
    private Dying() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      long self = ProcessHandle.current().pid();
      new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(arguments[0], self)).start().waitFor();
      new CountDownLatch(1).await();
    }
  }

  /** Waits for nothing. */
  static final class Endless {
    private Endless() {}

    public static void main(String[] arguments) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  /** Prints no footprint. */
  static final class Talkative {
    private Talkative() {}

    public static void main(String[] arguments) {
      System.out.println("{\"load_ms\": \"soon\"}");
    }
  }
}
