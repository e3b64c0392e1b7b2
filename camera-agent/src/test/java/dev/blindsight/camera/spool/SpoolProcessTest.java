package dev.blindsight.camera.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spools of other processes: those are killed, or meet the end of their disk. */
@EnabledOnOs(OS.LINUX)
class SpoolProcessTest {
  private static final String ROUNDS = "spool.kills";
  private static final String FOR_EVER = String.valueOf(Integer.MAX_VALUE);

  @TempDir Path folder;

  /** What the killed processes have said of their entries, by id, each with its number. */
  private final Map<Long, Long> kept = new HashMap<>();

  @ParameterizedTest
  @EnumSource(
      value = SyncPolicy.class,
      names = {"ALWAYS", "INTERVAL"})
  void kill_atAnyMoment_losesNothingThatWasKept(SyncPolicy policy) throws Exception {
    Random random = new Random();
    for (int round = 0; round < Integer.getInteger(ROUNDS, 2); round++) {
      killAfter(1 + random.nextInt(policy == SyncPolicy.ALWAYS ? 200 : 5_000), policy);

      Map<Long, Long> found = reopen();

      assertThat(found).containsAllEntriesOf(kept);
      kept.clear();
      kept.putAll(found);
    }
  }

  /** Starts a process, and kills it when it has said so many lines, wherever it is then. */
  private void killAfter(int lines, SyncPolicy policy) throws Exception {
    Process process = start(folder.toString(), policy.name(), FOR_EVER, "60");
    try (BufferedReader output = process.inputReader()) {
      for (int line = 0; line < lines; line++) {
        said(output.readLine());
      }
      // Not by the process itself, which would close the pipe with all that is in it.
      process.toHandle().destroyForcibly();
      output.lines().forEach(this::said);
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private void said(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "kept" -> kept.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
      case "released" -> kept.remove(Long.parseLong(words[1]));
      default -> throw new AssertionError(line);
    }
  }

  /** All entries in the folder, each checked, with their numbers. */
  private Map<Long, Long> reopen() throws Exception {
    Map<Long, Long> found = new HashMap<>();
    try (Spool spool =
        Spool.open(
            folder,
            new SpoolSettings(1L << 30, null, null, null, null),
            SpoolCodec.PLAIN,
            InstantSource.system(),
            new SilentListener())) {
      int entries = spool.status().entries();
      for (int i = 0; i < entries; i++) {
        SpoolEntry entry = spool.take().get(10, TimeUnit.SECONDS);
        long number = ByteBuffer.wrap(entry.content()).getLong();
        assertThat(entry.content()).isEqualTo(SpoolProgram.content(number));
        found.put(entry.id(), number);
      }
    }
    return found;
  }

  @Test
  void write_fileTooLargeInTheMiddleOfARecord_refusesItAndGoesOnInAnotherFile() throws Exception {
    // Segments of this spool would be 4 MiB long; the shell lets no file grow beyond 256 KiB.
    Process process =
        start(List.of("bash", "-c", "ulimit -f 256; exec \"$@\"", "bash"), arguments("1000", "0"));
    int refused = 0;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); !"done".equals(line); line = output.readLine()) {
        if (line.startsWith("refused")) {
          assertThat(line).contains("the spool cannot be written: File too large");
          refused++;
        } else {
          said(line);
        }
      }
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    assertThat(refused).isPositive();
    assertThat(kept).hasSize(1000 - refused);
    assertThat(reopen()).isEqualTo(kept);
  }

  @Test
  void open_folderOfALivingProcess_isRefused() throws Exception {
    Process process = start(folder.toString(), "NEVER", FOR_EVER, "100");
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).isNotNull();

      assertThatThrownBy(this::reopen).hasMessageContaining("is in use by another agent");
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private List<String> arguments(String count, String released) {
    return List.of(folder.toString(), "NEVER", count, released);
  }

  private static Process start(String... arguments) throws IOException {
    return start(List.of(), Arrays.asList(arguments));
  }

  private static Process start(List<String> before, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
    command.add(SpoolProgram.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
