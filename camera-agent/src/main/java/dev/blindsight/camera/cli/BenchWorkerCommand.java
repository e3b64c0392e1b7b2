package dev.blindsight.camera.cli;

import dev.blindsight.camera.process.ScratchFolder;
import dev.blindsight.camera.soak.WorkerBench;
import dev.blindsight.camera.soak.WorkerBenchReport;
import dev.blindsight.camera.soak.WorkerBenchSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench-worker}: what a worker answers over MQTT, beside its session called directly. */
@Command(
    name = "bench-worker",
    description =
        "Compares what one worker answers over MQTT, sealed, with what its session does when it is"
            + " called directly, in turns.")
final class BenchWorkerCommand implements Callable<Integer> {
  private static final int NOT_RIGHT = 1;

  private final Console console;

  @Mixin private final AskedOptions asked = new AskedOptions();

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "inferences at a time, of both, 1 to 256 (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "1",
      description =
          "readouts in one run of the session called directly, 1 to 1024; the worker finds its own"
              + " (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--devices",
      paramLabel = "D",
      defaultValue = "8",
      description = "that ask, 1 to 1000 (default: ${DEFAULT-VALUE})")
  private int devices;

  @Option(
      names = "--window",
      paramLabel = "N",
      description =
          "requests of a device on their way, 1 to 1024 (default: 64, and 2 of more than 2 KB)")
  private @Nullable Integer window;

  @Option(
      names = "--together",
      paramLabel = "N",
      description =
          "requests in a message, 1 to 64 (default: as agents send them, 8, and those of more than"
              + " 2 KB alone)")
  private @Nullable Integer together;

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "10",
      description = "how often the two take turns, 1 to 1000 (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "of each turn, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "30",
      description = "seconds before anything counts, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int warmUp;

  @Option(names = "--json", description = "print one JSON object at the end")
  private boolean json;

  BenchWorkerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    WorkerBenchSettings settings =
        new WorkerBenchSettings(
            asked.broker(),
            asked.model(),
            threads,
            batch,
            devices,
            window,
            together,
            rounds,
            Duration.ofSeconds(seconds),
            Duration.ofSeconds(warmUp));
    try (Termination termination = new Termination()) {
      return bench(settings, termination);
    }
  }

  private int bench(WorkerBenchSettings settings, Termination termination)
      throws IOException, InterruptedException {
    try (ScratchFolder folder = new ScratchFolder("blindsight-bench-worker")) {
      WorkerBenchReport report = run(settings, folder, termination);
      if (json) {
        console.printJson(report);
      } else {
        console.println(describe(report));
      }
      return report.wrong() == 0 ? 0 : NOT_RIGHT;
    } catch (CancellationException _) {
      tell("stopped before the end");
      return 0;
    }
  }

  private WorkerBenchReport run(
      WorkerBenchSettings settings, ScratchFolder folder, Termination termination)
      throws IOException, InterruptedException {
    try {
      return WorkerBench.run(
          settings, Blindsight.class.getName(), folder.path(), this::tell, termination.asked());
    } catch (IOException e) {
      folder.keep();
      tell("logs are in " + folder.path());
      throw e;
    }
  }

  private static String describe(WorkerBenchReport report) {
    @Nullable Double cpu = report.workerCpuMs();
    return String.format(
        Locale.ROOT,
        "%d bytes: %.1f a second over MQTT, %.1f directly: %.0f %% (quartiles %.0f to %.0f %% of %d"
            + " rounds)%s; %d answered, %d wrong",
        report.readoutBytes(),
        report.workerPerSecond(),
        report.directPerSecond(),
        100 * report.share(),
        100 * report.shareLow(),
        100 * report.shareHigh(),
        report.rounds(),
        cpu == null
            ? ""
            : String.format(Locale.ROOT, ", %.3f ms of the worker's processor for each", cpu),
        report.answered(),
        report.wrong());
  }

  private void tell(String line) {
    console.err().println("bench-worker: " + line);
    console.err().flush();
  }
}
