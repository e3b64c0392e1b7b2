package dev.blindsight.camera.sensor.board;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A device file that a bus needs, with what a person does when it is missing or closed to them.
 *
 * @param path as {@code /dev/spidev0.0}
 * @param bus the bus's name for people
 * @param enabling how to make the file appear
 * @param group the group whose members may open it
 */
record DeviceFile(Path path, String bus, String enabling, String group) {

  /**
   * @throws UserError one line, when the file is missing or may not be read and written
   */
  void require() {
    if (!Files.exists(path)) {
      throw new UserError("%s: there is no %s here: %s".formatted(path, bus, enabling));
    }
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw refused(path, group);
    }
  }

  /**
   * The device files that are there.
   *
   * @param prefix what their names begin with, as {@code i2c-}
   * @return the rest of their names, in order
   */
  static List<String> present(Path devices, String prefix) {
    try (Stream<Path> files = Files.list(devices)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  static UserError refused(Path path, String group) {
    return new UserError(
        "%s: permission denied: add the user to the group %s (sudo usermod -aG %s $USER) and log in again"
            .formatted(path, group, group));
  }
}
