package dev.blindsight.camera.cli;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSelfTest;
import dev.blindsight.camera.worker.Admission;
import dev.blindsight.camera.worker.GrantFolder;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerCounters;
import dev.blindsight.camera.worker.WorkerSettings;
import dev.blindsight.camera.worker.WorkerSetup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code worker}: answers readouts of cameras. */
@Command(name = "worker", description = "Answers readouts that cameras send over MQTT.")
final class WorkerCommand implements Callable<Integer> {
  private static final String VARIABLES = "BLINDSIGHT_WORKER_";
  private static final Duration REPORT = Duration.ofMinutes(1);

  private final Console console;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "the worker's YAML file")
  private Path config = Path.of("worker.yaml");

  WorkerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    WorkerSettings settings =
        ConfigurationFile.read(config, WorkerSettings.class, VARIABLES, System.getenv());
    try (Termination termination = new Termination()) {
      List<Model> models = new ArrayList<>();
      try {
        ModelSelfTest selfTest = ModelSelfTest.standard(System.getenv());
        settings.models().forEach(model -> models.add(selfTest.load(model, settings.inference())));
        serve(settings, models, termination);
      } finally {
        models.forEach(Model::close);
      }
    }
    return 0;
  }

  private void serve(WorkerSettings settings, List<Model> models, Termination termination) {
    String name = settings.nameOrDefault();
    try (GrantFolder grants =
        settings.devices() == null ? null : new GrantFolder(Path.of(settings.devices()))) {
      Worker worker = Worker.start(setup(settings, models, grants));
      try (worker) {
        tell(
            name,
            "running, broker %s, models %s%s%s"
                .formatted(
                    settings.broker(),
                    worker.models(),
                    grants == null ? "" : ", %d devices".formatted(grants.size()),
                    settings.acceptsPlain() ? ", plain requests accepted" : ""));
        CompletableFuture<Void> _ =
            worker.ready().thenRun(() -> tell(name, "connected, requests can reach it"));
        tellNowAndThen(name, worker, termination);
      }
      tell(name, "ended, " + worker.counters().summary());
    }
  }

  private static WorkerSetup setup(
      WorkerSettings settings, List<Model> models, @Nullable GrantFolder grants) {
    return new WorkerSetup(
        settings.nameOrDefault(),
        settings.broker(),
        settings.tls(),
        models,
        settings.threadsOrDefault(),
        settings.batchOrDefault(),
        new Admission(
            grants == null ? _ -> Optional.empty() : grants,
            settings.freshness(),
            settings.acceptsPlain()));
  }

  /** A line a minute, when there is something new to say. */
  private void tellNowAndThen(String name, Worker worker, Termination termination) {
    WorkerCounters told = worker.counters();
    while (!termination.await(REPORT)) {
      WorkerCounters now = worker.counters();
      if (!now.equals(told)) {
        tell(name, now.summary());
      }
      told = now;
    }
  }

  private void tell(String name, String what) {
    console.err().println("worker %s: %s".formatted(name, what));
  }
}
