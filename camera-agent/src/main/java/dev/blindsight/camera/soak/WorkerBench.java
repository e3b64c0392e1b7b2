package dev.blindsight.camera.soak;

import dev.blindsight.camera.bench.Quantiles;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Compares what a worker answers over MQTT with what its session does when it is called directly:
 * the two take turns, so that what the machine's clock does falls on both. Those who ask ({@link
 * Requester}) do as little as they can, for they have their share of the same processors.
 */
public final class WorkerBench {
  /** Until the messages of a turn are evenly spread over broker, worker and devices. */
  private static final Duration RAMP = Duration.ofMillis(200);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final WorkerBenchSettings settings;
  private final Consumer<String> progress;
  private final int window;
  private final int together;
  private final List<Requester> requesters = new ArrayList<>();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private long counted;
  private long workerNanos;

  private WorkerBench(WorkerBenchSettings settings, int readoutBytes, Consumer<String> progress) {
    this.settings = settings;
    this.window = settings.windowFor(readoutBytes);
    this.together = settings.togetherFor(readoutBytes);
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param program the class with this program's command line
   * @param folder for configurations, logs and secrets; empty
   * @param progress told a line for people now and then
   * @param stop completes when it is to end before its time
   * @throws CancellationException when it was stopped
   * @throws UserError when the model cannot be used or the broker is not installed
   * @throws IOException when a process does not start, or something goes wrong between them
   */
  public static WorkerBenchReport run(
      WorkerBenchSettings settings,
      String program,
      Path folder,
      Consumer<String> progress,
      CompletableFuture<Void> stop)
      throws IOException, InterruptedException {
    try (Model model = ModelSource.load(settings.model(), new InferenceSettings(1));
        DirectCalls direct = new DirectCalls(model, settings.threads(), settings.batch())) {
      WorkerBench bench = new WorkerBench(settings, model.card().inputLength(), progress);
      CompletableFuture<Void> _ =
          stop.thenRun(() -> bench.failure.completeExceptionally(new CancellationException()));
      return bench.run(program, folder, model, direct);
    }
  }

  private WorkerBenchReport run(String program, Path folder, Model model, DirectCalls direct)
      throws IOException, InterruptedException {
    ReadoutSpec spec = SoakReadouts.spec(model);
    SoakReadouts readouts = SoakReadouts.of(spec);
    ExpectedAnswers expected = new ExpectedAnswers(model, readouts);
    SoakStage stage = new SoakStage(settings.stage(), program, folder);
    SoakPlan plan = SoakPlan.of(settings.stage(), model, stage.broker(), folder);
    SoakKeys.write(plan);
    try (SoakProcess _ = stage.startBroker();
        SoakProcess worker = stage.startWorker(plan)) {
      stage.awaitConnected(worker);
      try {
        for (int device = 0; device < settings.devices(); device++) {
          requesters.add(new Requester(plan, device, spec.id(), readouts, expected));
        }
        for (Requester requester : requesters) {
          CompletableFuture<Void> _ =
              requester.failed().whenComplete((_, e) -> failure.completeExceptionally(e));
          await(requester.connected());
        }
        progress.accept("warming up");
        asking(worker, settings.warmUp());
        direct.rate(readouts, settings.slice());
        counted = 0;
        workerNanos = 0;
        return measure(model, readouts, direct, worker);
      } finally {
        // While there still is a broker to take leave of.
        requesters.parallelStream().forEach(Requester::close);
      }
    }
  }

  private WorkerBenchReport measure(
      Model model, SoakReadouts readouts, DirectCalls direct, SoakProcess worker)
      throws IOException, InterruptedException {
    double[] alone = new double[settings.rounds() + 1];
    double[] asked = new double[settings.rounds()];
    double[] shares = new double[settings.rounds()];
    alone[0] = direct.rate(readouts, settings.slice());
    for (int round = 0; round < settings.rounds(); round++) {
      asked[round] = asking(worker, settings.slice());
      alone[round + 1] = direct.rate(readouts, settings.slice());
      shares[round] = 2 * asked[round] / (alone[round] + alone[round + 1]);
      progress.accept(
          "round %d of %d: %.1f a second over MQTT, %.1f directly"
              .formatted(round + 1, settings.rounds(), asked[round], alone[round + 1]));
    }
    Quantiles share = Quantiles.of(shares);
    return new WorkerBenchReport(
        settings.broker(),
        model.id(),
        model.card().inputLength(),
        settings.threads(),
        settings.batch(),
        settings.devices(),
        window,
        together,
        settings.rounds(),
        Quantiles.of(alone).median(),
        Quantiles.of(asked).median(),
        share.median(),
        share.at(0.25),
        share.at(0.75),
        sum(Requester::answered),
        sum(Requester::wrong),
        workerNanos == 0 ? null : workerNanos / 1e6 / counted);
  }

  /** Has everybody ask for a while, and lets what is on its way be answered. */
  private double asking(SoakProcess worker, Duration slice)
      throws IOException, InterruptedException {
    requesters.forEach(requester -> requester.start(window, together));
    pass(RAMP);
    long answered = sum(Requester::answered);
    Optional<Duration> cpu = worker.processorTime();
    long start = System.nanoTime();
    pass(slice);
    long more = sum(Requester::answered) - answered;
    long nanos = System.nanoTime() - start;
    workerNanos +=
        worker
            .processorTime()
            .flatMap(now -> cpu.map(before -> now.minus(before).toNanos()))
            .orElse(0L);
    counted += more;
    for (Requester requester : requesters) {
      await(requester.pause());
    }
    return more * 1e9 / nanos;
  }

  private long sum(ToLongFunction<Requester> count) {
    return requesters.stream().mapToLong(count).sum();
  }

  /** Lets time pass, unless something goes wrong. */
  private void pass(Duration duration) throws IOException, InterruptedException {
    try {
      failure.get(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // As it should be.
    } catch (ExecutionException e) {
      throw failed(e);
    }
  }

  /** Waits as long as answers come. */
  private void await(CompletableFuture<Void> stage) throws IOException, InterruptedException {
    long seen = -1;
    for (long now = sum(Requester::answered); now > seen; now = sum(Requester::answered)) {
      seen = now;
      try {
        CompletableFuture.anyOf(stage, failure).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException _) {
        // Large readouts may take longer, all together.
      } catch (ExecutionException e) {
        throw failed(e);
      }
    }
    throw new IOException("nothing came for %d s".formatted(PATIENCE.toSeconds()));
  }

  private static IOException failed(ExecutionException e) {
    Throwable cause = e.getCause();
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CancellationException stopped) {
      throw stopped;
    }
    return new IOException(cause == null ? e.getMessage() : cause.getMessage(), e);
  }
}
