package dev.blindsight.camera.cli;

import dev.blindsight.camera.agent.Agent;
import dev.blindsight.camera.agent.AgentCounters;
import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentSettings;
import dev.blindsight.camera.agent.AgentSetup;
import dev.blindsight.camera.dashboard.StatusPage;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSelfTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agent}: the loop on a camera. */
@Command(
    name = "agent",
    description = "Runs a camera: captures, classifies here or by a worker, publishes over MQTT.")
final class AgentCommand implements Callable<Integer> {
  private static final String VARIABLES = "BLINDSIGHT_AGENT_";

  private final Console console;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the agent's YAML file")
  private Path config = Path.of("agent.yaml");

  AgentCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AgentSettings settings =
        ConfigurationFile.read(config, AgentSettings.class, VARIABLES, System.getenv());
    try (Termination termination = new Termination();
        Model model = model(settings);
        StatusPage page =
            settings.statusPort() == null ? null : StatusPage.start(settings.statusPort())) {
      AgentSetup setup = settings.assemble(model, System.getenv());
      try (Agent agent = Agent.start(setup, observers(page, setup))) {
        console
            .err()
            .println(
                "agent of %s: running, broker %s%s"
                    .formatted(setup.address(), setup.broker(), described(model)));
        if (page != null) {
          console.err().println("status page: " + page.address());
        }
        CompletableFuture.anyOf(agent.finished(), termination.asked()).join();
        report(setup, agent.counters());
      }
    }
    return 0;
  }

  private void report(AgentSetup setup, AgentCounters counters) {
    console
        .err()
        .println(
            "agent of %s: %d readouts, %d answered (%d on the device, %d by workers), %d lost"
                .formatted(
                    setup.address(),
                    counters.readouts(),
                    counters.answered(),
                    counters.local(),
                    counters.remote(),
                    counters.lost()));
  }

  private static String described(@Nullable Model model) {
    return model == null ? "" : ", model %s on %s".formatted(model.id(), model.provider());
  }

  private static @Nullable Model model(AgentSettings settings) {
    return settings.model() == null
        ? null
        : ModelSelfTest.standard(System.getenv()).load(settings.model(), settings.inference());
  }

  private static List<AgentListener> observers(@Nullable StatusPage page, AgentSetup setup) {
    if (page == null) {
      return List.of();
    }
    page.introduce(setup.address().device(), setup.spec(), setup.sensor().guarantee());
    return List.of(page);
  }
}
