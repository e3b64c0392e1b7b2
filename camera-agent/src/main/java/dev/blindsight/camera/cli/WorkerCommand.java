package dev.blindsight.camera.cli;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSelfTest;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerCounters;
import dev.blindsight.camera.worker.WorkerSettings;
import dev.blindsight.camera.worker.WorkerSetup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code worker}: answers readouts of cameras. */
@Command(name = "worker", description = "Answers readouts that cameras send over MQTT.")
final class WorkerCommand implements Callable<Integer> {
  private static final String VARIABLES = "BLINDSIGHT_WORKER_";

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
    try (Worker worker =
        Worker.start(
            new WorkerSetup(
                settings.nameOrDefault(),
                settings.broker(),
                settings.tls(),
                models,
                settings.threadsOrDefault(),
                settings.batchOrDefault()))) {
      console
          .err()
          .println(
              "worker %s: running, broker %s, models %s"
                  .formatted(settings.nameOrDefault(), settings.broker(), worker.models()));
      termination.await();
      WorkerCounters counters = worker.counters();
      console
          .err()
          .println(
              "worker %s: %d requests, %d answered, %d refused, %d repeated, %d dropped"
                  .formatted(
                      settings.nameOrDefault(),
                      counters.requests(),
                      counters.answered(),
                      counters.refused(),
                      counters.repeated(),
                      counters.dropped()));
    }
  }
}
