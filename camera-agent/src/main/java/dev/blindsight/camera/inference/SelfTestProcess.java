package dev.blindsight.camera.inference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final String NATIVE_PATH = "onnxruntime.native.path";

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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    String natives = System.getProperty(NATIVE_PATH);
    if (natives != null) {
      command.add("-D%s=%s".formatted(NATIVE_PATH, natives));
    }
    // It is over before an optimising compiler or a second collector thread would pay. When it
    // crashes, the report goes where it is read, not into the working directory.
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+ErrorFileToStderr"));
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    // Telemetry of ONNX Runtime crashes on long command lines: the class path stays off it.
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    // Meant for the agent: a debugger's port is taken already, a heap's size is another matter.
    environment
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    return builder;
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
