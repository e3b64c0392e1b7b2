package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads pictures in the record format of CIFAR-10's binary version: one label byte, then one plane
 * for each colour channel, row by row, without any header. The geometry is the readout spec's.
 */
final class RecordFile {
  private RecordFile() {}

  /**
   * @throws UserError when the file cannot be read or is no whole number of records of this
   *     geometry
   */
  static Pictures read(Path file, SensorGeometry geometry) {
    int record = 1 + geometry.elements();
    byte[] content = content(file);
    if (content.length == 0 || content.length % record != 0) {
      throw new UserError(
          "%s: %d bytes are no whole number of records of 1 + %dx%dx%d bytes: give a record file of that geometry"
              .formatted(
                  file, content.length, geometry.width(), geometry.height(), geometry.channels()));
    }
    int size = content.length / record;
    byte[] labels = new byte[size];
    byte[] values = new byte[size * geometry.elements()];
    for (int i = 0; i < size; i++) {
      labels[i] = content[i * record];
      interleave(content, i * record + 1, geometry, values, i * geometry.elements());
    }
    return new PicturesInMemory(geometry, values, labels);
  }

  private static byte[] content(Path file) {
    try {
      if (Files.size(file) > PicturesInMemory.MOST_BYTES) {
        throw new UserError(
            "%s: is longer than %d bytes: split it".formatted(file, PicturesInMemory.MOST_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable record file".formatted(file), e);
    }
  }

  private static void interleave(
      byte[] planes, int from, SensorGeometry geometry, byte[] values, int to) {
    int pixels = geometry.width() * geometry.height();
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int channel = 0; channel < geometry.channels(); channel++) {
        values[to + pixel * geometry.channels() + channel] =
            planes[from + channel * pixels + pixel];
      }
    }
  }
}
