package dev.blindsight.camera.sensor.simulated;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;

/** Writes small PNG files. */
final class PictureWriter {
  private PictureWriter() {}

  /** A grey picture, by its values at (x, y). */
  static Path grey(Path file, int width, int height, IntBinaryOperator value) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, value.applyAsInt(x, y));
      }
    }
    return write(file, image);
  }

  /** A picture in colour, by its values 0xRRGGBB at (x, y). */
  static Path colour(Path file, int width, int height, IntBinaryOperator value) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, value.applyAsInt(x, y));
      }
    }
    return write(file, image);
  }

  private static Path write(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
