package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.process.JavaProcess;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Endures: a broker, workers and cameras as processes of their own, sealed readouts between them,
 * SIGKILL in the middle, and an account of every readout at the end.
 *
 * <p>What is proved is the rule that nothing but its reply releases a request: a readout that was
 * in a camera's spool has its answer at the end, whoever died meanwhile, and the answer is what the
 * model says of that very readout. The cameras' process notes in a journal what it took and what
 * was answered; each note is one write to the kernel, which outlives the process.
 */
public final class Soak {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration SAMPLE = Duration.ofSeconds(1);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration NEWS = Duration.ofSeconds(10);

  /** Nothing is awaited for longer than this without a single answer. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SoakSettings settings;
  private final Path folder;
  private final Consumer<String> progress;
  private final CompletableFuture<Void> stop;
  private final SoakStage stage;
  private final List<SoakProcess> workers = new ArrayList<>();
  private int killed;

  private Soak(
      SoakSettings settings,
      String program,
      Path folder,
      Consumer<String> progress,
      CompletableFuture<Void> stop)
      throws IOException {
    this.settings = settings;
    this.folder = folder;
    this.progress = progress;
    this.stop = stop;
    this.stage = new SoakStage(settings, program, folder);
  }

  /**
   * Runs a soak.
   *
   * @param program the class with this program's command line
   * @param folder for configurations, logs, secrets and spools; empty
   * @param progress told a line for people now and then
   * @param stop completes when it is to end before its time, with an account of what was done
   * @throws UserError when the model cannot be used or the broker is not installed
   * @throws IOException when the folder cannot be used or a process does not start
   */
  public static SoakReport run(
      SoakSettings settings,
      String program,
      Path folder,
      Consumer<String> progress,
      CompletableFuture<Void> stop)
      throws IOException, InterruptedException {
    try (Model model = ModelSource.load(settings.model(), InferenceSettings.standard())) {
      return new Soak(settings, program, folder, progress, stop).run(model);
    }
  }

  private SoakReport run(Model model) throws IOException, InterruptedException {
    SoakReadouts readouts = SoakReadouts.of(SoakReadouts.spec(model));
    progress.accept("asking the model for %d answers".formatted(readouts.size()));
    Account account = new Account(settings, new ExpectedAnswers(model, readouts));
    SoakPlan plan = SoakPlan.of(settings, model, stage.broker(), folder);
    readouts.write(plan.readouts());
    SoakKeys.write(plan);
    try (SoakProcess broker = stage.startBroker()) {
      for (int i = 0; i < settings.workers(); i++) {
        workers.add(stage.startWorker(plan));
      }
      for (SoakProcess worker : workers) {
        stage.awaitConnected(worker);
      }
      try (SoakProcess cameras = stage.start("cameras", cameras(plan));
          JournalReader journal = JournalReader.open(plan.journal())) {
        long start = System.nanoTime();
        follow(broker, cameras, journal, account, plan);
        double seconds = (account.lastProgress() - start) / 1e9;
        Optional<Duration> workersTime = processorTime();
        List<SoakReport.Memory> memory = memory(broker, cameras);
        cameras.end();
        journal.drain(account::enter);
        return report(model, account, seconds, workersTime, memory);
      } finally {
        workers.parallelStream().forEach(SoakProcess::close);
      }
    }
  }

  private ProcessBuilder cameras(SoakPlan plan) {
    Path file = folder.resolve("plan.json");
    AtomicFile.write(file, StrictMapper.json().write(plan).getBytes(StandardCharsets.UTF_8));
    return new JavaProcess(
            // An upper bound that grows with the cameras, so that what is kept shows, and not how
            // seldom it is collected.
            List.of(
                "-Xmx%dm".formatted(256 + settings.cameras() / 4), "-Xss256k", "-XX:+UseSerialGC"),
            SoakCameras.class.getName(),
            List.of(file.toString()))
        .builder();
  }

  private void follow(
      SoakProcess broker,
      SoakProcess cameras,
      JournalReader journal,
      Account account,
      SoakPlan plan)
      throws IOException, InterruptedException {
    KillPlan kills = new KillPlan(settings);
    long nextSample = System.nanoTime();
    long nextNews = nextSample + NEWS.toNanos();
    while (!account.complete() && !stop.isDone()) {
      Thread.sleep(TICK);
      journal.drain(account::enter);
      long now = System.nanoTime();
      if (now - account.lastProgress() > PATIENCE.toNanos()) {
        progress.accept("nothing was answered for %d s: giving up".formatted(PATIENCE.toSeconds()));
        return;
      }
      if (!allAlive(broker, cameras)) {
        return;
      }
      if (now >= nextSample) {
        nextSample = now + SAMPLE.toNanos();
        broker.sample();
        cameras.sample();
        workers.forEach(SoakProcess::sample);
      }
      if (now >= nextNews) {
        nextNews = now + NEWS.toNanos();
        progress.accept("%d of %d answered".formatted(account.answered(), settings.readouts()));
      }
      Optional<KillPlan.Victim> victim = kills.due(account.answered());
      if (victim.isPresent()) {
        progress.accept(
            "killing the %s after %d answers".formatted(victim.get().word(), account.answered()));
        kill(victim.get(), broker, cameras, account, plan);
      }
    }
  }

  /**
   * Whether nobody has ended; false when that is for the soak is to stop: Ctrl-C reaches the
   * processes, too, and may reach them first.
   *
   * @throws IOException when one has ended by itself
   */
  private boolean allAlive(SoakProcess broker, SoakProcess cameras)
      throws IOException, InterruptedException {
    List<SoakProcess> all = new ArrayList<>(workers);
    all.add(broker);
    all.add(cameras);
    for (SoakProcess process : all) {
      if (!process.alive() && !stopsWithin(REST)) {
        throw new IOException(
            "the process %s has ended by itself: see %s".formatted(process.name(), folder));
      }
    }
    return !stop.isDone();
  }

  private boolean stopsWithin(Duration patience) throws InterruptedException {
    try {
      stop.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException _) {
      return false;
    }
  }

  private void kill(
      KillPlan.Victim victim,
      SoakProcess broker,
      SoakProcess cameras,
      Account account,
      SoakPlan plan)
      throws IOException, InterruptedException {
    killed++;
    switch (victim) {
      case BROKER -> {
        broker.kill();
        Thread.sleep(REST);
        account.brokerBack(System.currentTimeMillis());
        broker.restart();
        stage.awaitListening(broker);
      }
      case WORKER -> {
        workers.removeFirst().kill();
        workers.add(stage.startWorker(plan));
      }
      case AGENT -> {
        cameras.kill();
        cameras.restart();
      }
    }
  }

  private Optional<Duration> processorTime() {
    if (settings.killWorker() > 0) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    for (SoakProcess worker : workers) {
      Optional<Duration> time = worker.processorTime();
      if (time.isEmpty()) {
        return time;
      }
      sum = sum.plus(time.get());
    }
    return Optional.of(sum);
  }

  private List<SoakReport.Memory> memory(SoakProcess broker, SoakProcess cameras) {
    List<SoakProcess> all = new ArrayList<>(List.of(broker, cameras));
    all.addAll(workers);
    return all.stream().flatMap(process -> process.memory().stream()).toList();
  }

  private SoakReport report(
      Model model,
      Account account,
      double seconds,
      Optional<Duration> workersTime,
      List<SoakReport.Memory> memory) {
    @Nullable Double workerCpuMs =
        workersTime.map(time -> time.toNanos() / 1e6 / account.answered()).orElse(null);
    return new SoakReport(
        account.taken(),
        account.answered(),
        account.lost(),
        account.duplicated(),
        account.wrong(),
        account.refused(),
        account.latencyMillis(0.5),
        account.latencyMillis(0.99),
        seconds,
        account.perSecond(),
        account.latePerSecond(),
        settings.broker(),
        model.id(),
        model.card().inputLength(),
        settings.cameras(),
        settings.workers(),
        killed,
        account.maxOverMin(),
        account.reconnects(),
        memory,
        workerCpuMs);
  }
}
