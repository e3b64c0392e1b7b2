package dev.blindsight.camera.cli;

import dev.blindsight.camera.broker.BrokerSettings;
import dev.blindsight.camera.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code broker}: an MQTT broker for one site. */
@Command(name = "broker", description = "Runs an MQTT 5 broker for one site.")
final class BrokerCommand implements Callable<Integer> {
  private static final String VARIABLES = "BLINDSIGHT_BROKER_";

  private final Console console;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the broker's YAML file")
  private Path config = Path.of("broker.yaml");

  BrokerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BrokerSettings settings =
        ConfigurationFile.read(config, BrokerSettings.class, VARIABLES, System.getenv());
    try (Termination termination = new Termination();
        EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
      console.err().println("broker: listening on " + broker.address());
      termination.await();
    }
    return 0;
  }
}
