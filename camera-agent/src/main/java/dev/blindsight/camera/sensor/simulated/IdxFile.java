package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IDX format of MNIST (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"): a magic
 * number, the sizes as 32-bit big-endian integers, then unsigned bytes; compressed with gzip or
 * not.
 */
final class IdxFile {
  private static final int IMAGES = 0x0803;
  private static final int LABELS = 0x0801;

  private IdxFile() {}

  /** Opens a file of the format; called once. */
  interface Source {
    InputStream open() throws IOException;
  }

  /**
   * Reads grey pictures and their labels.
   *
   * @param imagesName names the pictures' file in errors
   * @param labels the labels' file, when there is one
   * @param labelsName names it in errors
   * @throws UserError when a file is damaged, the two do not belong together, or the pictures have
   *     another geometry
   */
  static Pictures read(
      Source images,
      String imagesName,
      @Nullable Source labels,
      String labelsName,
      SensorGeometry geometry) {
    byte[] values = images(images, imagesName, geometry);
    byte[] numbers = labels == null ? null : labels(labels, labelsName);
    int size = values.length / geometry.elements();
    if (numbers != null && numbers.length != size) {
      throw new UserError(
          "%s: has %d labels for the %d pictures of %s: give the labels of these pictures"
              .formatted(labelsName, numbers.length, size, imagesName));
    }
    return new PicturesInMemory(geometry, values, numbers);
  }

  private static byte[] images(Source source, String name, SensorGeometry geometry) {
    try (DataInputStream input = open(source)) {
      requireMagic(input, IMAGES, name, "pictures");
      int count = input.readInt();
      int height = input.readInt();
      int width = input.readInt();
      if (width != geometry.width() || height != geometry.height() || geometry.channels() != 1) {
        throw new UserError(
            "%s: the pictures are %dx%dx1, the readout spec wants %dx%dx%d: give pictures of that geometry"
                .formatted(
                    name, width, height, geometry.width(), geometry.height(), geometry.channels()));
      }
      return content(input, (long) count * geometry.elements(), name);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static byte[] labels(Source source, String name) {
    try (DataInputStream input = open(source)) {
      requireMagic(input, LABELS, name, "labels");
      return content(input, input.readInt(), name);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static DataInputStream open(Source source) throws IOException {
    InputStream input = new BufferedInputStream(source.open());
    try {
      input.mark(2);
      boolean compressed = input.read() == 0x1F && input.read() == 0x8B;
      input.reset();
      return new DataInputStream(
          compressed ? new BufferedInputStream(new GZIPInputStream(input)) : input);
    } catch (IOException e) {
      input.close();
      throw e;
    }
  }

  private static void requireMagic(DataInputStream input, int magic, String name, String what)
      throws IOException {
    int found = input.readInt();
    if (found != magic) {
      throw new UserError(
          "%s: begins with 0x%08x, not 0x%08x: give an IDX file of %s"
              .formatted(name, found, magic, what));
    }
  }

  private static byte[] content(DataInputStream input, long length, String name)
      throws IOException {
    if (length < 1 || length > PicturesInMemory.MOST_BYTES) {
      throw new UserError(
          "%s: announces %d bytes, outside 1 to %d: give a whole IDX file"
              .formatted(name, length, PicturesInMemory.MOST_BYTES));
    }
    byte[] content = input.readNBytes((int) length);
    if (content.length < length) {
      throw new EOFException("ends after %d of %d bytes".formatted(content.length, length));
    }
    return content;
  }

  private static UserError unreadable(String name, IOException e) {
    return new UserError("%s: cannot be read to its end: give a whole IDX file".formatted(name), e);
  }
}
