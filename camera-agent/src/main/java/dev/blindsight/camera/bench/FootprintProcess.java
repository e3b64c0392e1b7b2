package dev.blindsight.camera.bench;

import dev.blindsight.camera.process.JavaProcess;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a class in a Java virtual machine of its own that was started as this one was, and reads the
 * {@link Footprint} it prints. What several models need does not blur there, and a model that
 * crashes its process does not take this one along.
 */
final class FootprintProcess {
  private static final int LONGEST_OUTPUT = 1 << 16;
  // Two processes cannot have them both.
  private static final Pattern NOT_INHERITED =
      Pattern.compile(
          "-agentlib:.*|-agentpath:.*|-javaagent:.*|-Xrunjdwp.*|-Xdebug|-XX:AOTMode=.*"
              + "|-XX:AOTCacheOutput=.*|-XX:AOTConfiguration=.*|-Dcom\\.sun\\.management.*");
  private static final Pattern SIGNAL = Pattern.compile("^#\\s+(SIG[A-Z]+) ", Pattern.MULTILINE);
  private static final Map<String, String> SIGNALS =
      Map.of(
          "SIGILL", "an illegal instruction: this ONNX Runtime is not made for this processor",
          "SIGSEGV", "a segmentation fault",
          "SIGBUS", "a bus error",
          "SIGFPE", "an arithmetic error");
  private static final int KILLED_BY_SIGNAL = 128;

  private final Class<?> main;
  private final Duration patience;

  /**
   * @param main has a main method, and prints a footprint
   * @param patience how long it may take
   */
  FootprintProcess(Class<?> main, Duration patience) {
    this.main = main;
    this.patience = patience;
  }

  /** Runs it and waits for its end. */
  Trial run(List<String> arguments) throws InterruptedException {
    try {
      Path work = Files.createTempDirectory("blindsight-bench");
      try {
        return run(arguments, work);
      } finally {
        for (String name : List.of("out", "err", "crash")) {
          Files.deleteIfExists(work.resolve(name));
        }
        Files.deleteIfExists(work);
      }
    } catch (IOException e) {
      return new Trial.Failed("no process could be started for it: " + e.getMessage());
    }
  }

  private Trial run(List<String> arguments, Path work) throws IOException, InterruptedException {
    Path out = work.resolve("out");
    Path err = work.resolve("err");
    Process process =
        new JavaProcess(options(work.resolve("crash")), main.getName(), arguments)
            .builder()
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Trial.Failed(
            "its process had not ended after %d s".formatted(patience.toSeconds()));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return judge(process.exitValue(), text(out), text(err));
  }

  private static List<String> options(Path crash) {
    List<String> options = new ArrayList<>();
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!NOT_INHERITED.matcher(option).matches()) {
        options.add(option);
      }
    }
    options.add("-XX:ErrorFile=" + crash);
    options.add("-XX:-CreateCoredumpOnCrash");
    return options;
  }

  private static Trial judge(int exitCode, String out, String err) {
    Matcher signal = SIGNAL.matcher(out);
    if (signal.find()) {
      String name = signal.group(1);
      return new Trial.Crashed(
          "its process died of %s (%s)".formatted(SIGNALS.getOrDefault(name, "a signal"), name));
    }
    if (exitCode > KILLED_BY_SIGNAL) {
      return new Trial.Crashed(
          "its process was killed by signal %d".formatted(exitCode - KILLED_BY_SIGNAL));
    }
    if (exitCode != 0) {
      return new Trial.Failed(
          "its process ended with exit code %d: %s"
              .formatted(
                  exitCode, err.lines().reduce((_, last) -> last).orElse("no reason given")));
    }
    try {
      String line = out.lines().reduce((_, last) -> last).orElse("");
      return new Trial.Measured(
          StrictMapper.json().read(line, Footprint.class, "what its process printed"));
    } catch (UserError e) {
      return new Trial.Failed(e.getMessage());
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return new String(content.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8);
    }
  }
}
