package dev.blindsight.camera.cli;

import dev.blindsight.camera.agent.AgentSettings;
import dev.blindsight.camera.agent.OpenedSensor;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.process.ScratchFolder;
import dev.blindsight.camera.proof.SensorCheck;
import dev.blindsight.camera.proof.SensorCheckReport;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sensor check}: what a sensor reads, and that no frame is in memory. */
@Command(
    name = "check",
    description =
        "Runs the sensor of an agent's configuration for a while: its guarantee, its rate, how much"
            + " it reads, and whether a frame is in the Java heap. The agent must not be running.")
final class SensorCheckCommand implements Callable<Integer> {
  private static final String VARIABLES = "BLINDSIGHT_AGENT_";
  private static final int NOT_GOOD = 1;
  private static final double LONGEST = 3600;

  private final Console console;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the agent's YAML file")
  private Path config = Path.of("agent.yaml");

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "how long exposures are taken, at most 3600 (default: ${DEFAULT-VALUE})")
  private double seconds = 5;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  SensorCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(seconds > 0 && seconds <= LONGEST)) {
      throw new UserError(
          "--seconds is %s: give a number greater than 0, at most %.0f"
              .formatted(seconds, LONGEST));
    }
    AgentSettings settings =
        ConfigurationFile.read(config, AgentSettings.class, VARIABLES, System.getenv());
    try (Termination termination = new Termination();
        ScratchFolder folder = new ScratchFolder("blindsight-check");
        Model model = model(settings);
        OpenedSensor opened = settings.openSensor(model)) {
      SensorCheckReport report =
          SensorCheck.run(
              settings.sensor().source(),
              opened.sensor(),
              opened.spec(),
              Duration.ofNanos((long) (seconds * 1e9)),
              folder.path(),
              line -> console.err().println("sensor check: " + line),
              termination.asked());
      if (json) {
        console.printJson(report);
      } else {
        print(report);
      }
      return report.good() ? 0 : NOT_GOOD;
    }
  }

  private static @Nullable Model model(AgentSettings settings) {
    return settings.model() == null
        ? null
        : ModelSource.load(settings.model(), settings.inference());
  }

  private void print(SensorCheckReport report) {
    console.println("%-10s %s".formatted("sensor", report.source()));
    console.println(
        "%-10s %s (of the driver on this host: a compromised host could read more)"
            .formatted("guarantee", report.guarantee().name().toLowerCase(Locale.ROOT)));
    console.println(
        String.format(
            Locale.ROOT,
            "%-10s %d in %.1f s, %.1f a second; %d failures, %d faults",
            "exposures",
            report.exposures(),
            report.seconds(),
            report.exposuresPerSecond(),
            report.failures(),
            report.faults()));
    console.println(
        String.format(
            Locale.ROOT,
            "%-10s %.0f channels an exposure, %.1f %% of all; %.1f %% are kept; %.0f bytes on the"
                + " bus",
            "read",
            report.channelsPerExposure(),
            100 * report.shareRead(),
            100 * report.shareKept(),
            report.busBytesPerExposure()));
    console.println(
        "%-10s %s"
            .formatted(
                "memory",
                report.memoryShortcoming() == null
                    ? "locked, and in no core dump"
                    : report.memoryShortcoming()));
    console.println(
        String.format(
            Locale.ROOT,
            "%-10s %s in a dump of %.1f MB",
            "heap",
            switch (report.heap().verdict()) {
              case NO_FRAME -> "no frame, and the one that was planted was found,";
              case FRAME -> "%d FRAMES".formatted(report.heap().framesFound());
              case BLIND -> "the search did not find the frame that was planted: nothing is proved";
              case NOTHING_TO_SEE -> "the scene is too uniform to look for a frame of it";
            },
            report.heap().megabytes()));
  }
}
