package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermutationCommandTest {
  @TempDir Path directory;

  @Test
  void permutation_corenet_printsTheReferenceTable() throws IOException {
    try (InputStream reference =
        PermutationCommandTest.class.getResourceAsStream("corenet-permutation.json")) {
      CommandLineRun run = CommandLineRun.of("permutation", "--json");

      assertThat(run.exitCode()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .isEqualToIgnoringNewLines(new String(reference.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void permutation_withoutJson_printsSixteenRows() {
    CommandLineRun run = CommandLineRun.of("permutation");

    assertThat(run.out()).hasLineCount(16).startsWith("239  90  81 175");
    assertThat(Arrays.stream(run.out().strip().split("\\s+")).distinct()).hasSize(256);
  }

  @Test
  void permutation_keyed_dependsOnTheSecret() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "01".repeat(32));
    CommandLineRun run =
        CommandLineRun.of("permutation", "--scheme", "keyed", "--secret", secret.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isNotEqualTo(CommandLineRun.of("permutation").out());
  }

  @Test
  void permutation_missingSecretFile_isOneClearLine() {
    CommandLineRun run =
        CommandLineRun.of(
            "permutation", "--scheme", "keyed", "--secret", directory.resolve("none").toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("none").hasLineCount(1);
  }
}
