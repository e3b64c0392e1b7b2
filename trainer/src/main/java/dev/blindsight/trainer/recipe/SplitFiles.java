package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one split, relative to the data set's root.
 *
 * @param pictures files that are read one after the other, at least one
 * @param labels for IDX one file of labels for each file of pictures; absent for the record format
 */
public record SplitFiles(List<String> pictures, @Nullable List<String> labels) {
  /**
   * @throws UserError when no file is named
   */
  public SplitFiles {
    pictures = List.copyOf(pictures);
    labels = labels == null ? null : List.copyOf(labels);
    if (pictures.isEmpty()) {
      throw new UserError("pictures is empty: name at least one file");
    }
  }
}
