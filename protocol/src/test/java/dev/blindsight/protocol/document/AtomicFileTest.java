package dev.blindsight.protocol.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void write_newAndExistingFile_holdsTheContentAlone() {
    Path file = directory.resolve("mask");

    AtomicFile.write(file, new byte[] {1, 2, 3});
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});

    AtomicFile.write(file, new byte[] {4});
    assertThat(file).hasBinaryContent(new byte[] {4});
    assertThat(directory).isDirectoryContaining(only -> only.equals(file));
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void write_contentFailsHalfway_leavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.write(directory.resolve("mask"), new byte[] {7});

    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IOException("disk full");
                }))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("disk full");

    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(directory.toFile().list()).containsExactly("mask");
  }

  @Test
  void write_noDirectoryOrADirectoryInstead_isOneClearLine() {
    assertThatThrownBy(() -> AtomicFile.write(directory.resolve("none/mask"), new byte[1]))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not exist: create it first");
    assertThatThrownBy(() -> AtomicFile.write(directory, new byte[1]))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is a directory");
  }
}
