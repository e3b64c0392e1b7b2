package dev.blindsight.camera.sensor.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  private static final SensorGeometry GREY = new SensorGeometry(16, 16, 1);
  private static final SensorGeometry COLOUR = new SensorGeometry(16, 16, 3);

  @TempDir Path directory;

  @Test
  void read_greyPicture_keepsEveryValueAsStored() throws IOException {
    Path file = PictureWriter.grey(directory.resolve("a.png"), 16, 16, (x, y) -> 16 * y + x);

    assertThat(values(PictureFile.read(file, GREY)))
        .containsExactly(IntStream.range(0, 256).toArray());
  }

  @Test
  void read_greyPictureInColour_givesTheSameGrey() throws IOException {
    Path file =
        PictureWriter.colour(directory.resolve("a.png"), 16, 16, (x, y) -> 0x010101 * (16 * y + x));

    assertThat(values(PictureFile.read(file, GREY)))
        .containsExactly(IntStream.range(0, 256).toArray());
  }

  @Test
  void read_colourOnGreyChip_weighsByBt601() throws IOException {
    Path file = PictureWriter.colour(directory.resolve("a.png"), 16, 16, (x, y) -> 0xFF8000);

    assertThat(PictureFile.read(file, GREY).valueAt(0))
        .isEqualTo(Math.round(0.299f * 255 + 0.587f * 128));
  }

  @Test
  void read_colourOnColourChip_putsChannelsSideBySide() throws IOException {
    Path file =
        PictureWriter.colour(directory.resolve("a.png"), 16, 16, (x, y) -> x == 1 ? 0x0A141E : 0);

    int[] values = values(PictureFile.read(file, COLOUR));

    assertThat(Arrays.copyOf(values, 9)).containsExactly(0, 0, 0, 10, 20, 30, 0, 0, 0);
  }

  @Test
  void read_sixteenBitGrey_keepsTheUpperEight() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(3, 0, 0, 0xABCD);
    Path file = directory.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());

    assertThat(PictureFile.read(file, GREY).valueAt(3)).isEqualTo(0xAB);
  }

  @Test
  void read_otherSize_saysBothSizes() throws IOException {
    Path file = PictureWriter.grey(directory.resolve("a.png"), 17, 16, (x, y) -> 0);

    assertThatThrownBy(() -> PictureFile.read(file, GREY))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file + ": the picture is 17x16, the readout spec wants 16x16: scale it to that size");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 20, 33, 40, 60})
  void read_cutShort_isOneClearLine(int length) throws IOException {
    Path whole = PictureWriter.grey(directory.resolve("a.png"), 16, 16, (x, y) -> 16 * y + x);
    Path cut = directory.resolve("cut.png");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), length));

    assertThatThrownBy(() -> PictureFile.read(cut, GREY))
        .isInstanceOf(UserError.class)
        .hasMessage(cut + ": cannot be read as a picture: give a whole PNG, JPEG, BMP or GIF file");
  }

  @Test
  void read_missingFile_saysSo() {
    Path file = directory.resolve("none.png");

    assertThatThrownBy(() -> PictureFile.read(file, GREY))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": no such file: check the path");
  }

  private static int[] values(Exposure exposure) {
    return IntStream.range(0, exposure.geometry().elements()).map(exposure::valueAt).toArray();
  }
}
