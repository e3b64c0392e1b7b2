package dev.blindsight.trainer.data;

import dev.blindsight.protocol.readout.SensorGeometry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The IDX files of MNIST: two zero bytes, the type of the values (8: unsigned byte), the number of
 * dimensions, each dimension as a big-endian 32-bit number, then the values in row-major order.
 */
final class IdxFile {
  private static final int LABELS = 0x0000_0801;
  private static final int PICTURES = 0x0000_0803;
  private static final int MAXIMUM_COUNT = 100_000_000;
  private static final int BLOCK = 1 << 20;

  private IdxFile() {}

  /**
   * Reads grey pictures.
   *
   * @return one array of width × height values for each picture
   * @throws dev.blindsight.protocol.UserError when the file is not one of pictures of that size
   */
  static List<byte[]> pictures(Path path, SensorGeometry geometry) {
    try (DataFile file = DataFile.open(path)) {
      requireMagic(file, PICTURES, "IDX pictures");
      int count = count(file);
      int height = file.takeInt("its header");
      int width = file.takeInt("its header");
      if (geometry.channels() != 1 || width != geometry.width() || height != geometry.height()) {
        throw file.mismatch(
            "holds grey pictures of %dx%d, the recipe's geometry is %dx%dx%d: correct readout.geometry"
                .formatted(
                    width, height, geometry.width(), geometry.height(), geometry.channels()));
      }
      // Grown as it is read, for the header of a damaged file may announce anything.
      List<byte[]> pictures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pictures.add(file.take(geometry.elements(), "picture " + i + " of " + count));
      }
      file.requireEnd();
      return pictures;
    }
  }

  /**
   * Reads labels.
   *
   * @throws dev.blindsight.protocol.UserError when the file is not one of labels, or a label is not
   *     below {@code classes}
   */
  static List<Integer> labels(Path path, int classes) {
    try (DataFile file = DataFile.open(path)) {
      requireMagic(file, LABELS, "IDX labels");
      int count = count(file);
      List<Integer> labels = new ArrayList<>();
      while (labels.size() < count) {
        int block = Math.min(BLOCK, count - labels.size());
        for (byte value : file.take(block, "its labels")) {
          labels.add(DatasetReader.requireLabel(file, labels.size(), value, classes));
        }
      }
      file.requireEnd();
      return labels;
    }
  }

  private static void requireMagic(DataFile file, int expected, String what) {
    int magic = file.takeInt("its header");
    if (magic != expected) {
      throw file.error(
          "is not a file of %s (it begins 0x%08x, not 0x%08x)".formatted(what, magic, expected));
    }
  }

  private static int count(DataFile file) {
    int count = file.takeInt("its header");
    if (count < 1 || count > MAXIMUM_COUNT) {
      throw file.error("announces %d entries".formatted(Integer.toUnsignedLong(count)));
    }
    return count;
  }
}
