package dev.blindsight.trainer.data;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.recipe.DatasetSource;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.SplitFiles;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Reads the pictures a recipe names. */
public final class DatasetReader {
  private final DatasetSource source;
  private final SensorGeometry geometry;
  private final long seed;

  /** A reader of the recipe's data set; nothing is read yet. */
  public DatasetReader(Recipe recipe) {
    this.source = recipe.dataset();
    this.geometry = recipe.readout().geometry();
    this.seed = recipe.seed();
  }

  /**
   * Reads the pictures to learn from and those to watch accuracy on. Where the data set has no
   * validation split, {@code held_out} pictures chosen by the seed leave the one for the other.
   *
   * @throws UserError one line, when a file is missing or wrong
   */
  public LearningPictures learning() {
    Pictures train = read(source.train());
    SplitFiles validation = source.validation();
    if (validation != null) {
      return new LearningPictures(train, read(validation));
    }
    int heldOut = source.heldOut();
    if (heldOut >= train.size()) {
      throw new UserError(
          "dataset.held_out is %d, the training split has %d pictures: hold out fewer"
              .formatted(heldOut, train.size()));
    }
    int[] order = PictureOrder.ofHoldOut(seed, train.size());
    int[] kept = Arrays.copyOfRange(order, heldOut, order.length);
    Arrays.sort(kept);
    return new LearningPictures(train.select(kept), train.select(Arrays.copyOf(order, heldOut)));
  }

  /**
   * Reads the test split.
   *
   * @throws UserError one line, when a file is missing or wrong
   */
  public Pictures test() {
    return read(source.test());
  }

  private Pictures read(SplitFiles files) {
    List<Path> pictureFiles = files.pictures().stream().map(this::file).toList();
    List<byte[]> pictures = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int classes = source.labels().size();
    switch (source.format()) {
      case IDX -> {
        List<Path> labelFiles =
            Objects.requireNonNull(files.labels()).stream().map(this::file).toList();
        for (int i = 0; i < pictureFiles.size(); i++) {
          pictures.addAll(IdxFile.pictures(pictureFiles.get(i), geometry));
          labels.addAll(IdxFile.labels(labelFiles.get(i), classes));
          if (pictures.size() != labels.size()) {
            throw new UserError(
                "%s: the pictures so far are %d, the labels %d: get both files again"
                    .formatted(labelFiles.get(i), pictures.size(), labels.size()));
          }
        }
      }
      case RECORD -> {
        for (Path file : pictureFiles) {
          RecordFile.read(file, geometry, classes, pictures, labels);
        }
      }
    }
    return new Pictures(
        geometry,
        pictures.toArray(byte[][]::new),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }

  private Path file(String name) {
    Path file;
    try {
      file = Path.of(source.root()).resolve(name);
    } catch (InvalidPathException e) {
      throw new UserError(
          "dataset: \"%s\" in \"%s\" is not a file name: correct the recipe"
              .formatted(name, source.root()),
          e);
    }
    if (!Files.isRegularFile(file)) {
      String obtain = source.obtain();
      throw new UserError(
          "%s: no such file: %s, or give its folder with --set dataset.root=FOLDER"
              .formatted(file, obtain == null ? "get the data set " + source.name() : obtain));
    }
    return file;
  }

  static int requireLabel(DataFile file, int index, byte value, int classes) {
    int label = Byte.toUnsignedInt(value);
    if (label >= classes) {
      throw file.mismatch(
          "entry %d has label %d, the recipe names %d classes: correct dataset.labels or readout.geometry"
              .formatted(index, label, classes));
    }
    return label;
  }
}
