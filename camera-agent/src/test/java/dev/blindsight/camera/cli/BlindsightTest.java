package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlindsightTest {
  @Test
  void help_top_listsTheCommandsOnStandardOutput() {
    CommandLineRun run = CommandLineRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("mask", "permutation");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mask", "permutation"})
  void help_everyCommand_needsNoOtherOption(String command) {
    CommandLineRun run = CommandLineRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: blindsight " + command);
  }

  @Test
  void version_top_namesTheProduct() {
    assertThat(CommandLineRun.of("--version").out()).startsWith("Blindsight ").hasLineCount(1);
  }

  @Test
  void run_noCommand_showsUsageOnStandardError() {
    CommandLineRun run = CommandLineRun.of();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: blindsight");
  }

  @Test
  void run_unknownCommand_namesTheNearest() {
    CommandLineRun run = CommandLineRun.of("msk");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("msk is unknown: did you mean mask?").hasLineCount(1);
  }
}
