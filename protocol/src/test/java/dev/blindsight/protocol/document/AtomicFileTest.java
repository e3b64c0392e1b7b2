package dev.blindsight.protocol.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  void writePrivate_aFile_isForItsOwnerOnlyAndReplacesWhatIsThere() throws IOException {
    Path file = Files.write(directory.resolve("keys"), new byte[] {7});

    AtomicFile.writePrivate(file, new byte[] {8});

    assertThat(file).hasBinaryContent(new byte[] {8});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void createPrivate_existingFile_isLeftAlone() throws IOException {
    Path file = Files.write(directory.resolve("secret"), new byte[] {7});

    assertThatThrownBy(() -> AtomicFile.createPrivate(file, new byte[] {8}))
        .isInstanceOf(UserError.class)
        .hasMessage(file + " exists: give the name of a new file");
    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(directory.toFile().list()).containsExactly("secret");
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
