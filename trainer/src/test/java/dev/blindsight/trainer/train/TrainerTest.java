package dev.blindsight.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.data.Bars;
import dev.blindsight.trainer.data.DatasetReader;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.data.TestRecipes;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainerTest {
  private static final String COMMAND = "./blindsight evaluate";

  @TempDir private Path root;
  private Path run = Path.of("");

  @BeforeEach
  void writePictures() throws IOException {
    Bars.write(root, 320, 90);
    run = root.resolve("run");
  }

  private Recipe recipe(String... overrides) {
    List<String> all =
        Stream.concat(
                Stream.of(
                    "dataset.held_out=60",
                    "augmentation.noise=4",
                    "training.dropout=0.1",
                    "training.stochastic_depth=0.1"),
                Stream.of(overrides))
            .toList();
    return TestRecipes.idx(root, Bars.SIDE, Bars.SIDE, all.toArray(String[]::new));
  }

  private static Trainer trainer(Recipe recipe, TrainingProgress progress) {
    return new Trainer(recipe, spec(recipe), "1.2.3", COMMAND, progress);
  }

  private static ReadoutSpec spec(Recipe recipe) {
    return ReadoutSpec.corenet(recipe.readout().geometry(), 0.5, true);
  }

  /** Does what a test asks for after an epoch. */
  private record AfterEpoch(int epoch, Runnable action) implements TrainingProgress {
    static final AfterEpoch NOTHING = new AfterEpoch(0, () -> {});

    @Override
    public void started(long doneSteps, long steps) {}

    @Override
    public void stepped(double loss) {}

    @Override
    public void finished(EpochMetrics metrics, int epochs) {
      if (metrics.epoch() == epoch) {
        action.run();
      }
    }
  }

  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static AfterEpoch interruptedAfter(int epoch) {
    return new AfterEpoch(
        epoch,
        () -> {
          throw new Interruption();
        });
  }

  @Test
  void train_easyPictures_learnsThemAndWritesAWholeRun() throws Exception {
    Recipe recipe = recipe("training.epochs=6", "optimiser.learning_rate=5e-3");

    TrainingResult result = trainer(recipe, AfterEpoch.NOTHING).train(run);

    assertThat(result.test().accuracy()).isGreaterThan(0.9);
    assertThat(result.test().pictures()).isEqualTo(90);
    assertThat(result.steps()).isEqualTo(6 * 16);
    assertThat(names(run))
        .containsExactlyInAnyOrder(
            "recipe.yaml",
            "metrics.jsonl",
            "checkpoint.safetensors",
            "weights.safetensors",
            "card.json",
            "report.json",
            "report.txt");
    assertThat(RecipeFile.read(run.resolve("recipe.yaml"), List.of())).isEqualTo(recipe);
    ModelCard card = ModelCard.parse(Files.readString(run.resolve("card.json")));
    assertThat(card).isEqualTo(result.card());
    assertThat(card.spec()).isEqualTo(spec(recipe).id());
    assertThat(card.training().trainer()).isEqualTo("1.2.3");
    assertThat(card.licence()).isEqualTo("trained on bars: CC0");
    assertThat(card.accuracy()).hasSize(1);
    assertThat(card.accuracy().getFirst().top1()).isEqualTo(result.test().accuracy());
    assertThat(card.accuracy().getFirst().command()).isEqualTo(COMMAND);
    List<JsonNode> metrics = metrics();
    assertThat(metrics).hasSize(6);
    assertThat(metrics.getLast().get("loss").asDouble())
        .isLessThan(metrics.getFirst().get("loss").asDouble());
    assertThat(metrics.getLast().get("validation_averaged").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.getLast().get("learning_rate").asDouble()).isCloseTo(2e-5, within(1e-9));
  }

  @Test
  void train_finishedWeights_recognisePermutedReadoutsInPlainJava() throws Exception {
    Recipe recipe = recipe("training.epochs=4", "optimiser.learning_rate=5e-3");
    TrainingResult result = trainer(recipe, AfterEpoch.NOTHING).train(run);

    Pictures test = new DatasetReader(recipe).test();
    ReferenceForward judge =
        new ReferenceForward(recipe.network(), Weights.read(run.resolve("weights.safetensors")));
    int correct = 0;
    for (int picture = 0; picture < test.size(); picture++) {
      float[] logits = judge.logits(spec(recipe).acquire(test.exposure(picture)));
      correct += largest(logits) == test.label(picture) ? 1 : 0;
    }

    assertThat(correct).isCloseTo(result.test().correct(), within(1));
  }

  @Test
  void resume_afterAnInterruption_endsWithTheSameWeights() throws Exception {
    Recipe recipe = recipe();
    Path whole = root.resolve("whole");
    trainer(recipe, AfterEpoch.NOTHING).train(whole);

    assertThatThrownBy(() -> trainer(recipe, interruptedAfter(2)).train(run))
        .isInstanceOf(Interruption.class);
    assertThat(names(run))
        .containsExactlyInAnyOrder("recipe.yaml", "metrics.jsonl", "checkpoint.safetensors");
    trainer(recipe, AfterEpoch.NOTHING).resume(run);

    assertThat(run.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("weights.safetensors"));
    assertThat(run.resolve("checkpoint.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("checkpoint.safetensors"));
    assertThat(run.resolve("report.json")).hasSameTextualContentAs(whole.resolve("report.json"));
    assertThat(metrics()).extracting(line -> line.get("epoch").asInt()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void stop_whileTraining_keepsWholeEpochsToGoOnFrom() throws Exception {
    Recipe recipe = recipe();
    AtomicReference<Trainer> stopped = new AtomicReference<>();
    Trainer trainer = trainer(recipe, new AfterEpoch(3, () -> stopped.get().stop()));
    stopped.set(trainer);

    assertThatThrownBy(() -> trainer.train(run))
        .isInstanceOf(CancellationException.class)
        .hasMessage("stopped in epoch 4, whole epochs are kept: go on with --resume");

    assertThat(names(run))
        .containsExactlyInAnyOrder("recipe.yaml", "metrics.jsonl", "checkpoint.safetensors");
    assertThat(trainer(recipe, AfterEpoch.NOTHING).resume(run).steps()).isEqualTo(4 * 16);
  }

  @Test
  void resume_beforeTheFirstCheckpoint_startsAgain() throws Exception {
    Recipe recipe = recipe("training.epochs=1");
    assertThatThrownBy(() -> trainer(recipe, interruptedAfter(1)).train(run))
        .isInstanceOf(Interruption.class);
    Files.delete(run.resolve("checkpoint.safetensors"));

    TrainingResult result = trainer(recipe, AfterEpoch.NOTHING).resume(run);

    assertThat(result.steps()).isEqualTo(16);
    assertThat(metrics()).hasSize(1);
  }

  @Test
  void resume_otherRecipe_isRefusedAndChangesNothing() throws Exception {
    assertThatThrownBy(() -> trainer(recipe(), interruptedAfter(1)).train(run))
        .isInstanceOf(Interruption.class);
    byte[] before = Files.readAllBytes(run.resolve("checkpoint.safetensors"));

    assertThatThrownBy(() -> trainer(recipe("seed=2"), AfterEpoch.NOTHING).resume(run))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("was made by another recipe");

    assertThat(run.resolve("checkpoint.safetensors")).hasBinaryContent(before);
  }

  @Test
  void resume_damagedCheckpoint_isOneLine() throws Exception {
    assertThatThrownBy(() -> trainer(recipe(), interruptedAfter(1)).train(run))
        .isInstanceOf(Interruption.class);
    Files.writeString(run.resolve("checkpoint.safetensors"), "no tensors");

    assertThatThrownBy(() -> trainer(recipe(), AfterEpoch.NOTHING).resume(run))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("checkpoint.safetensors")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void train_whereATrainingIsAlready_isRefused() throws Exception {
    Files.createDirectories(run);
    Files.writeString(run.resolve("recipe.yaml"), "name: precious");

    assertThatThrownBy(() -> trainer(recipe(), AfterEpoch.NOTHING).train(run))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds a training already");

    assertThat(run.resolve("recipe.yaml")).hasContent("name: precious");
  }

  @Test
  void train_missingPictures_leavesNoFolder() {
    assertThatThrownBy(
            () -> trainer(recipe("dataset.test.pictures=[none]"), AfterEpoch.NOTHING).train(run))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("run the test again");

    assertThat(run).doesNotExist();
  }

  @Test
  void train_checkpointThatCannotBeWritten_leavesTheOldOneWhole() throws Exception {
    Path obstacle = run.resolve("checkpoint.safetensors.part");
    byte[][] afterFirst = new byte[1][];
    AfterEpoch obstructed =
        new AfterEpoch(
            1,
            () -> {
              try {
                afterFirst[0] = Files.readAllBytes(run.resolve("checkpoint.safetensors"));
                Files.createDirectory(obstacle);
                Files.createFile(obstacle.resolve("in the way"));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    assertThatThrownBy(() -> trainer(recipe(), obstructed).train(run))
        .isInstanceOf(IOException.class);

    assertThat(run.resolve("checkpoint.safetensors")).hasBinaryContent(afterFirst[0]);
    Files.delete(obstacle.resolve("in the way"));
    Files.deleteIfExists(obstacle);
    assertThat(trainer(recipe(), AfterEpoch.NOTHING).resume(run).steps()).isEqualTo(4 * 16);
  }

  @Test
  void profile_tinyRecipe_measuresAllThree() throws Exception {
    TrainingProfile profile = trainer(recipe(), AfterEpoch.NOTHING).profile(0.05);

    assertThat(profile.madePerSecond()).isPositive();
    assertThat(profile.learnedPerSecond()).isPositive();
    assertThat(profile.trainedPerSecond()).isPositive();
    assertThat(profile.waitedShare()).isBetween(0.0, 1.0);
    assertThat(run).doesNotExist();
  }

  private List<JsonNode> metrics() throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream().map(json::readTree).toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
