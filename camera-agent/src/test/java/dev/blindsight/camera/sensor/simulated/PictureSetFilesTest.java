package dev.blindsight.camera.sensor.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IDX and record files. */
class PictureSetFilesTest {
  private static final SensorGeometry TINY = new SensorGeometry(3, 2, 1);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readIdx_twoPictures_givesValuesAndLabels(boolean compressed) throws IOException {
    byte[] images = images(2, 2, 3, new byte[] {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, (byte) 255});
    byte[] labels = labels(7, 9);

    Pictures pictures =
        read(compressed ? gzip(images) : images, compressed ? gzip(labels) : labels);

    assertThat(pictures.size()).isEqualTo(2);
    assertThat(pictures.exposure(0).valueAt(4)).isEqualTo(4);
    assertThat(pictures.exposure(1).valueAt(5)).isEqualTo(255);
    assertThat(pictures.label(1)).contains(new TrueLabel.Numbered(9));
  }

  @Test
  void readIdx_fewerLabelsThanPictures_saysBothNumbers() {
    assertThatThrownBy(() -> read(images(2, 2, 3, new byte[12]), labels(7)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "labels: has 1 labels for the 2 pictures of images: give the labels of these pictures");
  }

  @Test
  void readIdx_otherGeometry_saysBoth() {
    assertThatThrownBy(() -> read(images(1, 3, 2, new byte[6]), labels(7)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the pictures are 2x3x1, the readout spec wants 3x2x1");
  }

  @Test
  void readIdx_labelsInPlaceOfImages_saysWhatItBeginsWith() {
    assertThatThrownBy(() -> read(labels(1), labels(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("begins with 0x00000801, not 0x00000803");
  }

  @Test
  void readIdx_moreAnnouncedThanAllowed_isRefusedBeforeReading() {
    assertThatThrownBy(() -> read(images(Integer.MAX_VALUE, 2, 3, new byte[6]), labels(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("announces 12884901882 bytes");
  }

  @Property(tries = 300)
  void readIdx_anyBytes_isAUserErrorOrPictures(@ForAll byte[] bytes) {
    try {
      assertThat(read(bytes, bytes).size()).isPositive();
    } catch (UserError e) {
      assertThat(e.getMessage()).doesNotContain("\n");
    }
  }

  @Property(tries = 100)
  void readIdx_cutAnywhere_isAUserError(@ForAll @IntRange(max = 27) int length) {
    byte[] images = images(2, 2, 3, new byte[12]);

    assertThatThrownBy(() -> read(Arrays.copyOf(images, length), labels(1, 2)))
        .isInstanceOf(UserError.class);
  }

  @Test
  void readRecords_colourPlanes_areLaidSideBySide() throws IOException {
    SensorGeometry geometry = new SensorGeometry(2, 1, 3);
    Path file = directory.resolve("a.bin");
    Files.write(file, new byte[] {4, 10, 11, 20, 21, 30, 31, 5, 1, 2, 3, 4, 5, 6});

    Pictures pictures = RecordFile.read(file, geometry);

    assertThat(pictures.size()).isEqualTo(2);
    assertThat(pictures.label(0)).contains(new TrueLabel.Numbered(4));
    Exposure first = pictures.exposure(0);
    assertThat(new int[] {first.valueAt(0), first.valueAt(1), first.valueAt(2), first.valueAt(3)})
        .containsExactly(10, 20, 30, 11);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 8, 13})
  void readRecords_noWholeNumberOfRecords_saysTheSizes(int length) throws IOException {
    Path file = directory.resolve("a.bin");
    Files.write(file, new byte[length]);

    assertThatThrownBy(() -> RecordFile.read(file, TINY))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(length + " bytes are no whole number of records of 1 + 3x2x1 bytes");
  }

  private static Pictures read(byte[] images, byte[] labels) {
    return IdxFile.read(
        () -> new ByteArrayInputStream(images),
        "images",
        () -> new ByteArrayInputStream(labels),
        "labels",
        TINY);
  }

  private static byte[] images(int count, int height, int width, byte[] values) {
    return ByteBuffer.allocate(16 + values.length)
        .putInt(0x0803)
        .putInt(count)
        .putInt(height)
        .putInt(width)
        .put(values)
        .array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + labels.length).putInt(0x0801).putInt(labels.length);
    Arrays.stream(labels).forEach(label -> buffer.put((byte) label));
    return buffer.array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream output = new GZIPOutputStream(bytes)) {
      output.write(content);
    }
    return bytes.toByteArray();
  }
}
