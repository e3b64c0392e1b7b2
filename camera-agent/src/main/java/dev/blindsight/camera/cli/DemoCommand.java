package dev.blindsight.camera.cli;

import dev.blindsight.camera.dashboard.StatusPage;
import dev.blindsight.camera.demo.Demo;
import dev.blindsight.camera.demo.DemoReport;
import dev.blindsight.camera.demo.DemoSettings;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.firmware.profile.BrokerAddress;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code demo}: the whole product in one process. The bundled model is not tried in a process of
 * its own first: a person is looking, and nothing depends on it.
 */
@Command(
    name = "demo",
    description =
        "Runs a broker, a worker and two cameras, one that classifies by itself and one that asks"
            + " the worker.")
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--headless", description = "without the status page, as fast as it goes")
  private boolean headless;

  @Option(
      names = "--readouts",
      paramLabel = "N",
      description = "end after this many readouts; without it, run until Ctrl-C")
  private @Nullable Long readouts;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "8080",
      description = "where the status page is served on 127.0.0.1 (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--source",
      paramLabel = "URI",
      description =
          "what the cameras see, as simulated:pictures/test?loop=true"
              + " (default: the first 400 test pictures of Fashion-MNIST, over and over)")
  private @Nullable String source;

  @Option(names = "--json", description = "print one JSON object at the end")
  private boolean json;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SensorSource played = source == null ? DemoSettings.BUNDLED : SensorSource.parse(source);
    DemoSettings settings = new DemoSettings(played, readouts, headless ? null : port);
    try (Termination termination = new Termination();
        Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard())) {
      DemoReport report = new Demo(settings, model).run(this::announce, termination.asked());
      if (json) {
        console.printJson(report);
      } else {
        console.println(report.describe());
      }
    }
    return 0;
  }

  private void announce(BrokerAddress broker, @Nullable StatusPage page) {
    console.err().println("broker: " + broker);
    if (page != null) {
      console.err().println("status page: %s (Ctrl-C ends the demo)".formatted(page.address()));
    }
    console.err().flush();
  }
}
