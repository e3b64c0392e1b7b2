package dev.blindsight.camera.soak;

import dev.blindsight.camera.process.ResidentMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One of the processes under test; its output goes to a log. */
final class SoakProcess implements AutoCloseable {
  private static final Duration FAREWELL = Duration.ofSeconds(20);

  private final String name;
  private final ProcessBuilder builder;
  private final Path log;
  private Process process;
  private List<Double> memory = new ArrayList<>();

  private SoakProcess(String name, ProcessBuilder builder, Path log) throws IOException {
    this.name = name;
    this.builder = builder;
    this.log = log;
    this.process = builder.start();
  }

  static SoakProcess start(String name, ProcessBuilder builder, Path folder) throws IOException {
    Path log = folder.resolve(name + ".log");
    builder
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new SoakProcess(name, builder, log);
  }

  /** Whether some words are in its log. */
  boolean hasSaid(String words) {
    try {
      return Files.readString(log).contains(words);
    } catch (IOException e) {
      throw new UncheckedIOException("the log of %s cannot be read".formatted(name), e);
    }
  }

  String name() {
    return name;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Ends it with SIGKILL: it has no say in it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it anew, after a kill. */
  void restart() throws IOException {
    process = builder.start();
    memory = new ArrayList<>();
  }

  /** Notes what memory it has now. */
  void sample() {
    Double now = ResidentMemory.of(process.toHandle()).nowMb();
    if (now != null) {
      memory.add(now);
    }
  }

  /** Its memory early and late; empty when it was too short-lived to tell. */
  Optional<SoakReport.Memory> memory() {
    int quarter = memory.size() / 4;
    return quarter == 0
        ? Optional.empty()
        : Optional.of(
            new SoakReport.Memory(
                name,
                median(memory.subList(quarter, 2 * quarter)),
                median(memory.subList(memory.size() - quarter, memory.size()))));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** Processor time it has had, where the system tells. */
  Optional<Duration> processorTime() {
    return process.info().totalCpuDuration();
  }

  @Override
  public void close() {
    end();
  }

  /** Asks it to end, and waits; a process that does not end is killed. */
  void end() {
    process.destroy();
    try {
      if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
