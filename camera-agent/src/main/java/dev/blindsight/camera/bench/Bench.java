package dev.blindsight.camera.bench;

import dev.blindsight.camera.inference.InferenceException;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compares models on this machine, with one large matrix product as the yardstick: how long they
 * take, how fast they compute, and how far that can be believed.
 */
public final class Bench {
  private static final Duration LONGEST_BLOCK = Duration.ofMillis(75);
  private static final int LEAST_BLOCKS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final BenchSettings settings;
  private final Consumer<String> progress;

  private Bench(BenchSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param progress is told in lines for people what is being done
   * @throws UserError one line, when a model cannot be loaded or takes no batches
   * @throws InferenceException when a model fails
   */
  public static BenchReport run(BenchSettings settings, Consumer<String> progress)
      throws InterruptedException {
    return new Bench(settings, progress).run();
  }

  private BenchReport run() throws InterruptedException {
    Duration part = settings.measuring().dividedBy(LEAST_BLOCKS);
    Duration block = part.compareTo(LONGEST_BLOCK) < 0 ? part : LONGEST_BLOCK;
    try (Crew crew = new Crew(settings.workers());
        Rounds rounds = new Rounds(crew, settings.workers(), block)) {
      List<Contender> contenders = new ArrayList<>();
      for (String source : settings.measured()) {
        ModelWorkload model = ModelWorkload.load(source, settings.threads(), settings.batch());
        contenders.add(new Contender(model, rounds.add(model), null));
      }
      tellOfUnknownGraphs(contenders);
      tellOfDifferentLengths(contenders);
      // Before anything runs here: a model that crashes does so in its own process.
      for (int i = 0; i < contenders.size(); i++) {
        contenders.set(i, contenders.get(i).with(footprint(contenders.get(i).model.name())));
      }
      progress.accept("looking for the fastest matrix product");
      MatrixWorkload product = GemmPeak.find(settings.threads(), settings.workers(), crew, block);
      Measurement peak = rounds.add(product);
      progress.accept("warming up");
      rounds.warmUp();
      progress.accept(
          "measuring %d models and %s, %.3g s each"
              .formatted(
                  contenders.size(), product.name(), settings.measuring().toMillis() / 1000.0));
      Double others = rounds.measure(settings.measuring()).orElse(null);
      return report(contenders, peak, product.size(), others, rounds.done());
    }
  }

  /**
   * @param model what is measured
   * @param measurement what was measured of it
   * @param footprint what it costs a process of its own, if known
   */
  private record Contender(
      ModelWorkload model, Measurement measurement, @Nullable Footprint footprint) {
    Contender with(@Nullable Footprint known) {
      return new Contender(model, measurement, known);
    }
  }

  private @Nullable Footprint footprint(String source) throws InterruptedException {
    progress.accept("running %s in a process of its own".formatted(source));
    List<String> arguments =
        Stream.of(source, settings.threads(), settings.workers(), settings.batch())
            .map(Object::toString)
            .toList();
    return switch (new FootprintProcess(FootprintProbe.class, PATIENCE).run(arguments)) {
      case Trial.Measured(Footprint footprint) -> footprint;
      case Trial.Failed(String reason) -> {
        progress.accept("%s: no memory and load time are known: %s".formatted(source, reason));
        yield null;
      }
      case Trial.Crashed(String reason) ->
          throw new InferenceException("%s cannot run here: %s".formatted(source, reason));
    };
  }

  private void tellOfUnknownGraphs(List<Contender> contenders) {
    for (Contender contender : contenders) {
      if (!contender.model.tellsItsGraph()) {
        progress.accept(
            "%s does not tell what its graph computes: GFLOP/s count the published network's work"
                .formatted(contender.model.name()));
      }
    }
  }

  private void tellOfDifferentLengths(List<Contender> contenders) {
    List<Integer> lengths =
        contenders.stream().map(contender -> contender.model.inputLength()).distinct().toList();
    if (lengths.size() > 1) {
      progress.accept(
          "the models take readouts of different lengths, %s bytes: ratios are not like for like"
              .formatted(lengths));
    }
  }

  private BenchReport report(
      List<Contender> contenders,
      Measurement peak,
      MatrixWorkload.Size product,
      @Nullable Double others,
      int rounds) {
    Measurement baseline =
        contenders.stream()
            .filter(contender -> contender.model.name().equals(settings.reference()))
            .findFirst()
            .orElseThrow()
            .measurement;
    Trust trust = Trust.of(Math.max(baseline.noise(), peak.noise()), others);
    List<BenchResult> results =
        contenders.stream()
            .map(contender -> result(contender, baseline, peak, others, trust, rounds))
            .toList();
    return new BenchReport(results, product.toString(), baseline.noise());
  }

  private BenchResult result(
      Contender contender,
      Measurement baseline,
      Measurement peak,
      @Nullable Double others,
      Trust trust,
      int rounds) {
    Measurement measurement = contender.measurement;
    Footprint footprint = contender.footprint;
    Quantiles durations = measurement.durations().quantiles();
    Quantiles ratios = measurement.ratiosTo(baseline);
    return new BenchResult(
        contender.model.name(),
        contender.model.variant(),
        contender.model.precision(),
        settings.threads(),
        settings.workers(),
        settings.batch(),
        durations.median() / 1e6,
        durations.at(0.99) / 1e6,
        settings.batch() * measurement.runsPerSecond(),
        measurement.gflops(),
        peak.gflops(),
        measurement.gflops() / peak.gflops(),
        ratios.median(),
        ratios.relativeSpread(),
        measurement.noise(),
        peak.noise(),
        others,
        trust,
        measurement.durations().count(),
        rounds,
        footprint == null ? null : footprint.rssMb(),
        footprint == null ? null : footprint.peakRssMb(),
        footprint == null ? null : footprint.loadMs(),
        footprint == null ? null : footprint.firstAnswerMs());
  }
}
