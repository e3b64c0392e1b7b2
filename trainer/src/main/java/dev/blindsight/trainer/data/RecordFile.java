package dev.blindsight.trainer.data;

import dev.blindsight.protocol.readout.SensorGeometry;
import java.nio.file.Path;
import java.util.List;

/**
 * The binary layout of CIFAR-10: no header; each record is one label byte, then one plane of values
 * for each colour, each plane row by row.
 */
final class RecordFile {
  private RecordFile() {}

  /**
   * Reads all records, appending to both lists.
   *
   * @param pictures receives each picture's values in HWC order
   * @param labels receives each picture's label
   * @throws dev.blindsight.protocol.UserError when the file does not consist of whole records of
   *     that size, or a label is not below {@code classes}
   */
  static void read(
      Path path,
      SensorGeometry geometry,
      int classes,
      List<byte[]> pictures,
      List<Integer> labels) {
    int length = 1 + geometry.elements();
    try (DataFile file = DataFile.open(path)) {
      int count = 0;
      for (byte[] entry = file.takeAtMost(length);
          entry.length > 0;
          entry = file.takeAtMost(length)) {
        if (entry.length < length) {
          throw file.mismatch(
              "ends %d bytes into record %d, records of %dx%dx%d have %d: get the file again or correct readout.geometry"
                  .formatted(
                      entry.length,
                      count,
                      geometry.width(),
                      geometry.height(),
                      geometry.channels(),
                      length));
        }
        labels.add(DatasetReader.requireLabel(file, count, entry[0], classes));
        pictures.add(interleaved(entry, geometry));
        count++;
      }
      if (count == 0) {
        throw file.error("is empty");
      }
    }
  }

  private static byte[] interleaved(byte[] entry, SensorGeometry geometry) {
    int channels = geometry.channels();
    int plane = geometry.elements() / channels;
    byte[] values = new byte[geometry.elements()];
    for (int channel = 0; channel < channels; channel++) {
      for (int pixel = 0; pixel < plane; pixel++) {
        values[pixel * channels + channel] = entry[1 + channel * plane + pixel];
      }
    }
    return values;
  }
}
