package dev.blindsight.trainer.train;

import dev.blindsight.protocol.model.Accuracy;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Training;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.byteformer.ByteFormerNetwork;
import dev.blindsight.trainer.byteformer.StepOptions;
import dev.blindsight.trainer.byteformer.TrainingOptions;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.data.Batch;
import dev.blindsight.trainer.data.BatchStream;
import dev.blindsight.trainer.data.DatasetReader;
import dev.blindsight.trainer.data.LearningPictures;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.data.ReadoutAugmenter;
import dev.blindsight.trainer.data.Split;
import dev.blindsight.trainer.evaluate.Evaluation;
import dev.blindsight.trainer.evaluate.NetworkClassifier;
import dev.blindsight.trainer.recipe.DatasetSource;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import dev.blindsight.trainer.recipe.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model by a recipe.
 *
 * <p>The network learns from values that are masked but not permuted; the finished weights are the
 * moving average, with φ moved into the embedding table, so that they expect what a device reads.
 * Nothing is chosen by looking at the test split: it is measured once, after the last epoch.
 */
public final class Trainer {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Recipe recipe;
  private final ReadoutSpec spec;
  private final ByteFormerArchitecture architecture;
  private final String trainerVersion;
  private final String evaluation;
  private final TrainingProgress progress;
  private volatile boolean stopping;

  /**
   * @param spec the recipe's readout, resolved
   * @param trainerVersion goes into the model card
   * @param evaluation the command line that measures the finished model, for its card
   */
  public Trainer(
      Recipe recipe,
      ReadoutSpec spec,
      String trainerVersion,
      String evaluation,
      TrainingProgress progress) {
    this.recipe = recipe;
    this.spec = spec;
    this.architecture = recipe.network();
    this.trainerVersion = trainerVersion;
    this.evaluation = evaluation;
    this.progress = progress;
  }

  /**
   * Trains from the start.
   *
   * @param folder the run folder, made if absent
   * @throws dev.blindsight.protocol.UserError when the data set or the folder is not as it must be
   * @throws TrainingFailure when training diverges
   * @throws CancellationException when it was asked to {@link #stop}
   * @throws InterruptedException when the thread is interrupted; whole epochs can be resumed from
   */
  public TrainingResult train(Path folder) throws IOException, InterruptedException {
    DatasetReader reader = new DatasetReader(recipe);
    LearningPictures pictures = reader.learning();
    Pictures test = reader.test();
    return run(RunFolder.fresh(folder, recipe), null, pictures, test);
  }

  /**
   * Goes on where a training in this folder stopped: after its last whole epoch.
   *
   * @throws dev.blindsight.protocol.UserError as {@link #train}, and when the folder holds no
   *     training by this recipe
   */
  public TrainingResult resume(Path folder) throws IOException, InterruptedException {
    RunFolder run = RunFolder.resumed(folder, recipe);
    Checkpoint checkpoint = run.hasCheckpoint() ? run.checkpoint(architecture) : null;
    DatasetReader reader = new DatasetReader(recipe);
    return run(run, checkpoint, reader.learning(), reader.test());
  }

  /**
   * Ends the training after the step that is being done; may be called from any thread. What was
   * learned up to the last whole epoch is kept.
   */
  public void stop() {
    stopping = true;
  }

  /**
   * Measures how fast samples are made and learned from, each alone and both together. Nothing is
   * written.
   *
   * @param seconds for each of the three measurements, greater than 0
   */
  public TrainingProfile profile(double seconds) throws InterruptedException {
    ReadoutAugmenter augmenter = augmenter(new DatasetReader(recipe).learning().train());
    int batchSize = recipe.training().batchSize();
    try (ByteFormerNetwork network =
        new ByteFormerNetwork(architecture, spec.length(), StartWeights.of(recipe), options())) {
      network.reseed(recipe.seed());
      StepOptions step = options(recipe.optimiser().learningRate(), 0);
      return TrainingProfile.measure(augmenter, batchSize, network, step, seconds);
    }
  }

  private TrainingResult run(
      RunFolder folder, @Nullable Checkpoint checkpoint, LearningPictures pictures, Pictures test)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Weights first = checkpoint == null ? StartWeights.of(recipe) : checkpoint.weights();
    try (ByteFormerNetwork network =
        new ByteFormerNetwork(architecture, spec.length(), first, options())) {
      network.reseed(recipe.seed());
      int epochsDone = 0;
      if (checkpoint != null) {
        network.restore(checkpoint.optimiser(), checkpoint.averaged());
        epochsDone = checkpoint.epochs();
      }
      learn(network, folder, epochsDone, pictures);
      Weights finished = PermutedEmbedding.of(network.averaged(), spec.permutation());
      Evaluation measured = measured(finished, test, Split.TEST);
      ModelCard card = card(measured);
      folder.write(finished, card, measured.toJson(), measured.toText());
      return new TrainingResult(
          card, measured, network.steps(), (System.nanoTime() - start) / NANOS_PER_SECOND);
    }
  }

  private void learn(
      ByteFormerNetwork network, RunFolder folder, int epochsDone, LearningPictures pictures)
      throws IOException, InterruptedException {
    TrainingSettings settings = recipe.training();
    ReadoutAugmenter augmenter = augmenter(pictures.train());
    int stepsPerEpoch = BatchStream.batchesPerEpoch(augmenter.size(), settings.batchSize());
    long steps = (long) stepsPerEpoch * settings.epochs();
    LearningRateSchedule schedule = new LearningRateSchedule(recipe.optimiser(), steps);
    List<EpochMetrics> metrics = new ArrayList<>(folder.metrics(epochsDone));
    progress.started(network.steps(), steps);
    try (BatchStream batches =
        new BatchStream(augmenter, settings.batchSize(), epochsDone, settings.epochs())) {
      for (int epoch = epochsDone; epoch < settings.epochs(); epoch++) {
        EpochMetrics measured =
            learnEpoch(network, epoch, stepsPerEpoch, schedule, batches, pictures.validation());
        metrics.add(measured);
        folder.write(metrics);
        folder.write(
            new Checkpoint(epoch + 1, network.weights(), network.averaged(), network.state()));
        progress.finished(measured, settings.epochs());
      }
    }
  }

  private EpochMetrics learnEpoch(
      ByteFormerNetwork network,
      int epoch,
      int steps,
      LearningRateSchedule schedule,
      BatchStream batches,
      Pictures validation)
      throws InterruptedException {
    long start = System.nanoTime();
    long waitedBefore = batches.waitedNanos();
    double loss = 0;
    double rate = 0;
    for (int step = 0; step < steps; step++) {
      Batch batch = batches.next();
      rate = schedule.rate(network.steps());
      double stepLoss =
          network.step(
              batch.tokens(), batch.targets(), batch.size(), options(rate, network.steps()));
      if (!Double.isFinite(stepLoss)) {
        throw new TrainingFailure(
            "training diverged in epoch %d, step %d (loss %s): lower optimiser.learning_rate"
                .formatted(epoch + 1, step + 1, stepLoss));
      }
      if (stopping) {
        throw new CancellationException(
            "stopped in epoch %d, whole epochs are kept: go on with --resume".formatted(epoch + 1));
      }
      loss += stepLoss;
      progress.stepped(stepLoss);
    }
    double waited = (batches.waitedNanos() - waitedBefore) / NANOS_PER_SECOND;
    Double present = null;
    Double averaged = null;
    if (validation.size() > 0) {
      present = accuracy(network.weights(), validation);
      averaged = accuracy(network.averaged(), validation);
    }
    return new EpochMetrics(
        epoch + 1,
        network.steps(),
        loss / steps,
        rate,
        network.gradientNorm(),
        present,
        averaged,
        (System.nanoTime() - start) / NANOS_PER_SECOND,
        waited);
  }

  private double accuracy(Weights weights, Pictures pictures) {
    Weights permuted = PermutedEmbedding.of(weights, spec.permutation());
    return measured(permuted, pictures, Split.VALIDATION).accuracy();
  }

  private Evaluation measured(Weights permuted, Pictures pictures, Split split) {
    try (NetworkClassifier classifier =
        new NetworkClassifier(architecture, spec.length(), permuted, recipe.threads())) {
      return Evaluation.measure(classifier, spec, pictures, recipe.dataset(), split);
    }
  }

  private ReadoutAugmenter augmenter(Pictures pictures) {
    return new ReadoutAugmenter(
        pictures, spec.mask(), recipe.augmentation(), architecture.classes(), recipe.seed());
  }

  private StepOptions options(double rate, long step) {
    return new StepOptions(
        rate,
        recipe.optimiser().weightDecay(),
        AverageWarmUp.decay(recipe.training().emaDecay(), step),
        recipe.optimiser().gradientClip());
  }

  private TrainingOptions options() {
    TrainingSettings settings = recipe.training();
    return new TrainingOptions(
        settings.precision(),
        settings.dropout(),
        settings.stochasticDepth(),
        settings.labelSmoothing(),
        recipe.threads());
  }

  private ModelCard card(Evaluation test) {
    DatasetSource dataset = recipe.dataset();
    return new ModelCard(
        ModelCard.VERSION,
        recipe.name(),
        spec.id(),
        recipe.readout(),
        spec.length(),
        null,
        dataset.labels(),
        architecture,
        new Training(
            recipe.name(),
            RecipeFile.sha256(recipe.elsewhere(".", 0)),
            dataset.name(),
            recipe.seed(),
            recipe.training().epochs(),
            trainerVersion),
        List.of(
            new Accuracy(
                dataset.name(), test.split(), test.pictures(), test.accuracy(), evaluation)),
        licence(dataset));
  }

  private static @Nullable String licence(DatasetSource dataset) {
    String note =
        Stream.of(dataset.licence(), dataset.attribution())
            .filter(Objects::nonNull)
            .collect(Collectors.joining("; "));
    return note.isEmpty() ? null : "trained on %s: %s".formatted(dataset.name(), note);
  }
}
