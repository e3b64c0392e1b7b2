package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The classes' names in the order of the logits, one a line. */
final class LabelsFile {
  private static final int LONGEST = 8 << 20;

  private LabelsFile() {}

  /**
   * Reads a file of labels; without one, counts the classes.
   *
   * @throws UserError one line, when the file cannot be read or has not one line for each class
   */
  static List<String> read(@Nullable Path file, int classes) {
    if (file == null) {
      return IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    }
    List<String> labels = text(file).lines().map(String::strip).toList();
    if (labels.size() != classes) {
      throw new UserError(
          "%s: has %d lines for %d classes: give one label a line"
              .formatted(file, labels.size(), classes));
    }
    return labels;
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw new UserError(
            "%s: is longer than %d bytes: give one label a line".formatted(file, LONGEST));
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new UserError("%s: is not UTF-8 text: save it as UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable text file".formatted(file), e);
    }
  }
}
