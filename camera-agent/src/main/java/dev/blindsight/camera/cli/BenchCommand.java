package dev.blindsight.camera.cli;

import dev.blindsight.camera.bench.Bench;
import dev.blindsight.camera.bench.BenchReport;
import dev.blindsight.camera.bench.BenchSettings;
import dev.blindsight.camera.bench.BenchTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}: how fast models answer on this machine, side by side. */
@Command(
    name = "bench",
    description =
        "Compares how fast models answer on this machine, against each other and against the"
            + " fastest matrix product, measured in turns.")
final class BenchCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--model",
      required = true,
      arity = "1..*",
      paramLabel = "MODEL",
      description = "model files (ONNX), or bundled for the one that comes with the program")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--baseline",
      paramLabel = "MODEL",
      description = "the model that ratios are against; measured too (default: the first model)")
  private @Nullable String baseline;

  @Option(
      names = "--threads",
      paramLabel = "T",
      defaultValue = "1",
      description = "threads that share the work of one run, 1 to 256 (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--workers",
      paramLabel = "W",
      defaultValue = "1",
      description =
          "callers that share a session, of T threads each, 1 to 256 (default: ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "1",
      description = "readouts in one run, 1 to 1024 (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "how long each model is measured, 1 to 3600 (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(names = "--json", description = "print one JSON object for each model")
  private boolean json;

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    BenchSettings settings =
        new BenchSettings(models, baseline, threads, workers, batch, Duration.ofSeconds(seconds));
    BenchReport report = Bench.run(settings, this::tell);
    if (json) {
      report.results().forEach(console::printJson);
      tell(BenchTable.verdict(report));
    } else {
      BenchTable.lines(report).forEach(console::println);
    }
    return 0;
  }

  private void tell(String line) {
    console.err().println("bench: " + line);
    console.err().flush();
  }
}
