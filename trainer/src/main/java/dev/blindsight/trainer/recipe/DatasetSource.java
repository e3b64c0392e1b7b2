package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where labelled pictures come from.
 *
 * @param name what the data set is called in cards and reports, 1..128 characters
 * @param format how its files are laid out
 * @param root folder of the files, relative to the working directory
 * @param train the split to learn from
 * @param validation the split whose accuracy is watched; absent, {@code heldOut} pictures of the
 *     training split take its place
 * @param test the split for the final figure, never used to choose anything
 * @param heldOut pictures taken out of the training split by the seed to watch accuracy on, 0
 *     (none) to 10 million; only where there is no validation split
 * @param labels the classes' names, in the order of the label bytes; 2..256 different ones
 * @param licence the data set's licence, which goes into the model card
 * @param attribution whom the licence asks to name
 * @param obtain how a person gets the files, one line, as {@code apt-get install some-package}
 */
public record DatasetSource(
    String name,
    DatasetFormat format,
    String root,
    SplitFiles train,
    @Nullable SplitFiles validation,
    SplitFiles test,
    int heldOut,
    List<String> labels,
    @Nullable String licence,
    @Nullable String attribution,
    @Nullable String obtain) {
  private static final int MAXIMUM_CLASSES = 256;
  private static final int LONGEST_NAME = 128;

  /**
   * @throws UserError when a field is out of range or the fields disagree
   */
  public DatasetSource {
    Limits.text("name", name, LONGEST_NAME);
    Limits.text("root", root, 4096);
    Limits.whole("held_out", heldOut, 0, 10_000_000);
    labels = List.copyOf(labels);
    if (labels.size() < 2 || labels.size() > MAXIMUM_CLASSES) {
      throw new UserError(
          "labels has %d entries: give 2 to %d".formatted(labels.size(), MAXIMUM_CLASSES));
    }
    if (new HashSet<>(labels).size() != labels.size()) {
      throw new UserError("labels names a class twice: give each class one name");
    }
    labels.forEach(label -> Limits.text("labels", label, LONGEST_NAME));
    if (validation != null && heldOut > 0) {
      throw new UserError(
          "held_out is %d beside a validation split: set it to 0, or remove validation"
              .formatted(heldOut));
    }
    requireFiles("train", train, format);
    requireFiles("test", test, format);
    if (validation != null) {
      requireFiles("validation", validation, format);
    }
  }

  private static void requireFiles(String key, SplitFiles files, DatasetFormat format) {
    List<String> labels = files.labels();
    switch (format) {
      case IDX -> {
        if (labels == null || labels.size() != files.pictures().size()) {
          throw new UserError(
              "%s.labels must name one file for each of the %d files of pictures: add it"
                  .formatted(key, files.pictures().size()));
        }
      }
      case RECORD -> {
        if (labels != null) {
          throw new UserError(
              "%s.labels has no use with format record, whose records hold their label: remove it"
                  .formatted(key));
        }
      }
    }
  }
}
