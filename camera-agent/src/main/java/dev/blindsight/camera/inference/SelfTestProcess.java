package dev.blindsight.camera.inference;

import dev.blindsight.camera.process.JavaProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How a process that tried a model ended.
 *
 * @param exitCode 128 and the signal's number where a signal ended it; without meaning when it ran
 *     out of time
 * @param out the beginning of its standard output
 * @param err the beginning of its standard error
 * @param timedOut whether it was ended because its time was over
 */
record SelfTestProcess(int exitCode, String out, String err, boolean timedOut) {
  private static final int MOST_OUTPUT = 1 << 16;

  /**
   * Starts a Java process like this one and waits for its end.
   *
   * @param main the class to start, on this process's class path
   * @param limit after which it is ended
   * @throws IOException when it cannot be started
   */
  static SelfTestProcess run(String main, List<String> arguments, Duration limit)
      throws IOException, InterruptedException {
    Process process = builder(main, arguments).start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      boolean ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      int exitCode = process.waitFor();
      return new SelfTestProcess(exitCode, out.join(), err.join(), !ended);
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder builder(String main, List<String> arguments) {
    // It is over before an optimising compiler or a second collector thread would pay. When it
    // crashes, the report goes where it is read, not into the working directory.
    List<String> options =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+ErrorFileToStderr");
    return new JavaProcess(options, main, arguments).builder();
  }

  /** Keeps the beginning and drops the rest, so that the process never waits to be read. */
  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            byte[] beginning = stream.readNBytes(MOST_OUTPUT);
            stream.skip(Long.MAX_VALUE);
            return new String(beginning, StandardCharsets.UTF_8);
          } catch (IOException _) {
            // The process was ended, and with it the stream: what it said is of no interest.
            return "";
          }
        },
        task -> Thread.ofPlatform().daemon().name("self-test-output").start(task));
  }
}
