package dev.blindsight.camera.cli;

import dev.blindsight.camera.process.ScratchFolder;
import dev.blindsight.camera.soak.Soak;
import dev.blindsight.camera.soak.SoakReport;
import dev.blindsight.camera.soak.SoakSettings;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code soak}: the remote path under load, with kills, and an account of every readout. */
@Command(
    name = "soak",
    description =
        "Runs a broker, workers and cameras as processes of their own, kills some of them on the"
            + " way, and accounts for every readout.")
final class SoakCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  private final Console console;

  @Mixin private final AskedOptions asked = new AskedOptions();

  @Option(
      names = "--readouts",
      required = true,
      paramLabel = "N",
      description = "of all cameras together, 1 to 10000000")
  private long readouts;

  @Option(
      names = "--cameras",
      paramLabel = "C",
      defaultValue = "1",
      description =
          "each with its own client, secret and spool, in one process, 1 to 10000 (default:"
              + " ${DEFAULT-VALUE})")
  private int cameras;

  @Option(
      names = "--workers",
      paramLabel = "W",
      defaultValue = "2",
      description = "processes that answer, 1 to 64 (default: ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--threads",
      paramLabel = "T",
      description = "inferences at a time of each worker (default: the cores, divided among them)")
  private @Nullable Integer threads;

  @Option(
      names = "--kill-broker",
      paramLabel = "K",
      defaultValue = "0",
      description = "how often the broker is killed (default: ${DEFAULT-VALUE})")
  private int killBroker;

  @Option(
      names = "--kill-worker",
      paramLabel = "K",
      defaultValue = "0",
      description = "how often a worker is killed and replaced (default: ${DEFAULT-VALUE})")
  private int killWorker;

  @Option(
      names = "--kill-agent",
      paramLabel = "K",
      defaultValue = "0",
      description = "how often the cameras' process is killed (default: ${DEFAULT-VALUE})")
  private int killAgent;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "readouts a second of all cameras together (default: as fast as they are answered)")
  private @Nullable Double rate;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "16",
      description = "requests of a camera on their way, 1 to 1024 (default: ${DEFAULT-VALUE})")
  private int window;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "the first answers, which count in no time and no rate, 0 to N readouts (default:"
              + " ${DEFAULT-VALUE})")
  private long warmUp;

  @Option(names = "--json", description = "print one JSON object at the end")
  private boolean json;

  SoakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    SoakSettings settings =
        new SoakSettings(
            asked.broker(),
            asked.model(),
            readouts,
            cameras,
            workers,
            threads,
            killBroker,
            killWorker,
            killAgent,
            rate,
            window,
            warmUp);
    try (Termination termination = new Termination();
        ScratchFolder folder = new ScratchFolder("blindsight-soak")) {
      SoakReport report = run(settings, folder, termination);
      print(report);
      if (report.clean()) {
        return 0;
      }
      folder.keep();
      tell("soak: not clean; logs and spools are in " + folder.path());
      return NOT_CLEAN;
    }
  }

  private SoakReport run(SoakSettings settings, ScratchFolder folder, Termination termination)
      throws IOException, InterruptedException {
    try {
      return Soak.run(
          settings,
          Blindsight.class.getName(),
          folder.path(),
          line -> tell("soak: " + line),
          termination.asked());
    } catch (IOException e) {
      // Its message names the logs.
      folder.keep();
      throw e;
    }
  }

  private void print(SoakReport report) {
    if (json) {
      console.printJson(report);
    } else {
      console.println(describe(report));
    }
  }

  private static String describe(SoakReport report) {
    return String.format(
        Locale.ROOT,
        "%d readouts of %d bytes, %d answered, %d lost, %d duplicated, %d wrong, %d refused;"
            + " latency %.1f ms (median), %.1f ms (99 %%); %.1f s, %.1f a second, %.1f in the last"
            + " quarter",
        report.readouts(),
        report.readoutBytes(),
        report.answered(),
        report.lost(),
        report.duplicated(),
        report.wrong(),
        report.refused(),
        report.p50Ms(),
        report.p99Ms(),
        report.seconds(),
        report.readoutsPerSecond(),
        report.lateReadoutsPerSecond());
  }

  private void tell(String line) {
    console.err().println(line);
    console.err().flush();
  }
}
