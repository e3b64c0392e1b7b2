package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "150528, 0.03, 4515, 71afe163929fc2713e360a383b0b7575632a86696b895fff58b8a4d2aff7943c",
    "150528, 0.05, 7526, 56feebf90078c7ff842a70cabbfb82d5f7453214cbc5174ea1534f3678277af2",
    "150528, 0.1, 15052, ec51b55c0b29f33f0c4c7b8da1de9671f3316bfbaa13f108782171bec0bef605",
    "150528, 0.25, 37632, 8734e43174d784c900824093f522ba7cf695ad9f0a9ba14c1e931f0dfdd17595",
    "150528, 0.5, 75264, 9c4d28c84224afc2e7ff9b312049201de49c964f9d8b6002bc97cfe27d3f55be",
    "150528, 0.75, 112896, c1c5999ad0e16d85c23f541c47fdf8d2d57e056637199afcc82f29d8beece43d",
    "3072, 0.1, 307, 4f9ed6c5b13db0d644d9ae9e542a92d98ec7bcd8dba21088a62f8450b0200a85",
    "192, 0.1, 19, ead3d814d7053d5649d55f9607e2a6a9c6b747fe9a756177aefbdb035b76a023",
    "192, 0.5, 96, 367aaaab09e8ea6a520f1924c63a2b6be887e4c70af49d745bfcbaba8c4721ad"
  })
  void mask_everyReference_printsOneJsonObjectAndWritesTheFile(
      String elements, String keep, int kept, String sha256)
      throws IOException, NoSuchAlgorithmException {
    Path file = directory.resolve("mask.i32le");

    CommandLineRun run =
        CommandLineRun.of(
            "mask", "--elements", elements, "--keep", keep, "--out", file.toString(), "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            "{\"elements\":%s,\"kept\":%d,\"sha256\":\"%s\"}%n".formatted(elements, kept, sha256));
    byte[] written = Files.readAllBytes(file);
    assertThat(written).hasSize(4 * kept);
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(written)))
        .isEqualTo(sha256);
  }

  @Test
  void mask_withoutJson_printsOneLineForPeople() {
    CommandLineRun run = CommandLineRun.of("mask", "--elements", "192", "--keep", "0.1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("keeps 19 of 192 channels, sha256 ead3d814").hasLineCount(1);
  }

  @Test
  void mask_keyed_dependsOnTheSecret() throws IOException {
    Path one = Files.writeString(directory.resolve("one"), "01".repeat(32));
    Path two = Files.writeString(directory.resolve("two"), "02".repeat(32));

    String first = keyed(one).out();

    assertThat(first).contains("\"kept\":307");
    assertThat(keyed(one).out()).isEqualTo(first);
    assertThat(keyed(two).out()).isNotEqualTo(first);
    assertThat(CommandLineRun.of("mask", "--elements", "3072", "--keep", "0.1", "--json").out())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "1.5", "NaN"})
  void mask_keepOutOfRange_isOneClearLineAndWritesNothing(String keep) {
    CommandLineRun run =
        CommandLineRun.of(
            "mask",
            "--elements",
            "192",
            "--keep",
            keep,
            "--out",
            directory.resolve("m").toString());

    assertBadInput(run, "keep is", "greater than 0, at most 1");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void mask_badArguments_areOneClearLineEach() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "01".repeat(32));

    assertBadInput(mask("--keep", "0.1"), "--elements");
    assertBadInput(mask("--elements", "x", "--keep", "0.1"), "--elements", "'x'");
    assertBadInput(mask("--elements", "0", "--keep", "0.1"), "elements is 0", "1 to");
    assertBadInput(mask("--elements", "192", "--kep", "0.1"), "--kep", "did you mean --keep?");
    assertBadInput(mask("--elements", "192", "--keep", "0.1", "more"), "more", "remove it");
    assertBadInput(mask("--elements", "192", "--keep", "0.1", "--scheme", "x"), "corenet, keyed");
    assertBadInput(
        mask("--elements", "192", "--keep", "0.1", "--scheme", "keyed"), "--secret FILE");
    assertBadInput(
        mask("--elements", "192", "--keep", "0.1", "--secret", secret.toString()),
        "--scheme keyed");
    assertBadInput(
        mask("--elements", "192", "--keep", "0.1", "--out", directory + "/none/m"),
        "does not exist");
    assertBadInput(
        mask("--elements", "192", "--keep", "0.1", "--out", directory.toString()),
        "is a directory");
  }

  private CommandLineRun keyed(Path secret) {
    return CommandLineRun.of(
        "mask",
        "--elements",
        "3072",
        "--keep",
        "0.1",
        "--scheme",
        "keyed",
        "--secret",
        secret.toString(),
        "--json");
  }

  private static CommandLineRun mask(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "mask";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLineRun.of(all);
  }

  private static void assertBadInput(CommandLineRun run, String... mentions) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("blindsight mask: ").contains(mentions).hasLineCount(1);
  }
}
