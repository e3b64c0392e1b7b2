package dev.blindsight.trainer.train;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of one training.
 *
 * <pre>
 * recipe.yaml             the recipe with every default and override
 * metrics.jsonl           one line for each epoch
 * checkpoint.safetensors  what --resume goes on from
 * weights.safetensors     the finished model: averaged weights, φ applied
 * card.json               its model card
 * report.json, report.txt its accuracy on the test split, with the confusion matrix
 * </pre>
 *
 * <p>Every file is written beside its place and then moved there, so an interrupted training leaves
 * whole files only.
 */
public final class RunFolder {
  private static final String RECIPE = "recipe.yaml";
  private static final String METRICS = "metrics.jsonl";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String CARD = "card.json";

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * A folder for a training from the start.
   *
   * @throws UserError when one has been started there already, or the folder cannot be made
   */
  static RunFolder fresh(Path folder, Recipe recipe) throws IOException {
    if (Files.exists(folder.resolve(RECIPE))) {
      throw new UserError(
          "%s: holds a training already: go on with --resume, or give --out another folder"
              .formatted(folder));
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be made a folder: give --out another path".formatted(folder), e);
    }
    RunFolder run = new RunFolder(folder);
    run.write(RECIPE, RecipeFile.write(recipe));
    return run;
  }

  /**
   * The folder of a training that was interrupted.
   *
   * @throws UserError when there is none, or it followed another recipe
   */
  static RunFolder resumed(Path folder, Recipe recipe) {
    Recipe present = open(folder).recipe();
    if (!comparable(present).equals(comparable(recipe))) {
      throw new UserError(
          "%s: was made by another recipe: resume with the same one, or give --out another folder"
              .formatted(folder.resolve(RECIPE)));
    }
    return new RunFolder(folder);
  }

  /**
   * The folder of a training.
   *
   * @throws UserError when there is none
   */
  public static RunFolder open(Path folder) {
    if (!Files.isRegularFile(folder.resolve(RECIPE))) {
      throw new UserError("%s: holds no training: check the path".formatted(folder));
    }
    return new RunFolder(folder);
  }

  /** The resolved recipe. */
  public Recipe recipe() {
    return recipe(List.of());
  }

  /**
   * The resolved recipe with some fields changed.
   *
   * @param overrides each {@code dotted.key=value}
   * @throws UserError when an override is not valid
   */
  public Recipe recipe(List<String> overrides) {
    return RecipeFile.read(folder.resolve(RECIPE), overrides);
  }

  /**
   * The finished model's card.
   *
   * @throws UserError when the training has not finished
   */
  public ModelCard card() throws IOException {
    return ModelCard.parse(Files.readString(finished(CARD)));
  }

  /**
   * The finished model's weights: averaged, φ applied.
   *
   * @throws UserError when the training has not finished, or the weights do not fit the card
   */
  public Weights weights() throws IOException {
    Weights weights = Weights.read(finished(WEIGHTS));
    try {
      weights.requireFit(card().architecture());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: does not fit %s (%s): train again"
              .formatted(folder.resolve(WEIGHTS), CARD, e.getMessage()),
          e);
    }
    return weights;
  }

  boolean hasCheckpoint() {
    return Files.isRegularFile(folder.resolve(CHECKPOINT));
  }

  Checkpoint checkpoint(ByteFormerArchitecture architecture) throws IOException {
    return Checkpoint.read(folder.resolve(CHECKPOINT), architecture);
  }

  void write(Checkpoint checkpoint) throws IOException {
    checkpoint.write(folder.resolve(CHECKPOINT));
  }

  /** Metrics of the first epochs; later lines belong to an epoch that was cut short. */
  List<EpochMetrics> metrics(int epochs) throws IOException {
    Path file = folder.resolve(METRICS);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<EpochMetrics> metrics = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      EpochMetrics epoch = StrictMapper.json().read(line, EpochMetrics.class, file.toString());
      if (epoch.epoch() <= epochs) {
        metrics.add(epoch);
      }
    }
    return metrics;
  }

  void write(List<EpochMetrics> metrics) throws IOException {
    StringBuilder lines = new StringBuilder();
    metrics.forEach(epoch -> lines.append(StrictMapper.json().write(epoch)).append('\n'));
    write(METRICS, lines.toString());
  }

  /** Writes the finished model; the card comes last, for it says that the rest is there. */
  void write(Weights weights, ModelCard card, String reportJson, String reportText)
      throws IOException {
    weights.write(folder.resolve(WEIGHTS));
    write("report.json", reportJson + "\n");
    write("report.txt", reportText);
    write(CARD, card.toJson() + "\n");
  }

  private Path finished(String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "%s: no such file, the training has not finished: run it again with --resume"
              .formatted(file));
    }
    return file;
  }

  private void write(String name, String text) throws IOException {
    Path unfinished = folder.resolve(name + ".part");
    try {
      Files.writeString(unfinished, text);
      Files.move(
          unfinished,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Where the data lie and how many threads compute may change between start and resumption. */
  private static Recipe comparable(Recipe recipe) {
    return recipe.elsewhere(".", 0);
  }
}
