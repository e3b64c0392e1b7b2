package dev.blindsight.camera.soak;

import dev.blindsight.camera.process.JavaProcess;
import dev.blindsight.firmware.profile.BrokerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Puts up what cameras talk to: a broker and workers, each in a process of its own. */
final class SoakStage {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration START = Duration.ofMinutes(1);

  private final SoakSettings settings;
  private final String program;
  private final Path folder;
  private final SoakBrokers brokers;
  private int workersStarted;

  /**
   * @param program the class with this program's command line
   * @param folder for configurations and logs
   */
  SoakStage(SoakSettings settings, String program, Path folder) throws IOException {
    this.settings = settings;
    this.program = program;
    this.folder = folder;
    this.brokers = new SoakBrokers(program, folder);
  }

  /** Where the broker is, or will be. */
  BrokerAddress broker() {
    return brokers.address();
  }

  SoakProcess start(String name, ProcessBuilder command) throws IOException {
    return SoakProcess.start(name, command, folder);
  }

  /** Starts the broker and waits until it listens. */
  SoakProcess startBroker() throws IOException, InterruptedException {
    SoakProcess broker = start("broker", brokers.command(settings.broker(), clients()));
    try {
      awaitListening(broker);
      return broker;
    } catch (IOException | InterruptedException e) {
      broker.close();
      throw e;
    }
  }

  void awaitListening(SoakProcess broker) throws IOException, InterruptedException {
    await(broker, brokers::listening);
  }

  /** With room for the workers that are killed, whose connections end later than they. */
  private int clients() {
    return settings.cameras() + 2 * (settings.workers() + settings.killWorker()) + 16;
  }

  /** Starts a worker, and does not wait for it. */
  SoakProcess startWorker(SoakPlan plan) throws IOException {
    String name = "worker-" + ++workersStarted;
    int threads =
        settings.threads() == null
            ? Math.max(1, Runtime.getRuntime().availableProcessors() / settings.workers())
            : settings.threads();
    Path configuration = folder.resolve(name + ".yaml");
    Files.writeString(
        configuration,
        """
        name: %s
        broker: %s
        models: ["%s"]
        threads: %d
        devices: "%s"
        """
            .formatted(name, plan.broker(), settings.model(), threads, plan.devices()));
    return start(
        name,
        new JavaProcess(
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                program,
                List.of("worker", "--config", configuration.toString()))
            .builder());
  }

  /** Waits until requests can reach a worker. */
  void awaitConnected(SoakProcess worker) throws IOException, InterruptedException {
    await(worker, () -> worker.hasSaid(": connected"));
  }

  private void await(SoakProcess process, BooleanSupplier ready)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!ready.getAsBoolean()) {
      if (!process.alive() || System.nanoTime() > deadline) {
        throw new IOException(
            "the process %s does not start: see %s".formatted(process.name(), folder));
      }
      Thread.sleep(TICK);
    }
  }
}
