package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of readouts, each a file of nothing but its bytes. */
final class CalibrationFolder {
  private static final int MOST_READOUTS = 4096;

  private CalibrationFolder() {}

  /**
   * The readouts in the order of their files' names.
   *
   * @param length that each must have, in bytes
   * @throws UserError when the folder cannot be read, holds none or too many, or one is of another
   *     length
   */
  static List<byte[]> read(Path folder, int length) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries.filter(Files::isRegularFile).limit(MOST_READOUTS + 1L).sorted().toList();
      if (files.isEmpty() || files.size() > MOST_READOUTS) {
        throw new UserError(
            "--calibration %s: holds %s: give a folder of 2 to %d readouts"
                .formatted(folder, files.isEmpty() ? "no files" : "too many files", MOST_READOUTS));
      }
      List<byte[]> readouts = new ArrayList<>();
      for (Path file : files) {
        if (Files.size(file) != length) {
          throw new UserError(
              "--calibration %s: has %d bytes, readouts of this model have %d: take it away"
                  .formatted(file, Files.size(file), length));
        }
        readouts.add(Files.readAllBytes(file));
      }
      return readouts;
    } catch (IOException e) {
      throw new UserError(
          "--calibration %s: cannot be read (%s): give a folder of readouts"
              .formatted(folder, e.getClass().getSimpleName()),
          e);
    }
  }
}
