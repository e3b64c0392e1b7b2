package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a picture file (PNG, JPEG, BMP, GIF) as an exposure. */
final class PictureFile {
  private PictureFile() {}

  /**
   * Reads a picture of exactly the chip's size. Grey values are taken as stored; colour falls on a
   * grey chip with the weights of ITU-R BT.601, grey on a colour chip alike on all channels.
   *
   * @throws UserError when it cannot be read or has another size
   */
  static Exposure read(Path file, SensorGeometry geometry) {
    if (geometry.channels() != 1 && geometry.channels() != 3) {
      throw new UserError(
          "%s: a picture has 1 or 3 channels, the readout spec wants %d: use a record file"
              .formatted(file, geometry.channels()));
    }
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream input = new MemoryCacheImageInputStream(bytes)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw unreadable(file, null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        requireSize(file, reader.getWidth(0), reader.getHeight(0), geometry);
        BufferedImage image = reader.read(0);
        return new Exposure(geometry, geometry.channels() == 1 ? grey(image) : colour(image), 0);
      } finally {
        reader.dispose();
      }
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    } catch (UserError e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders answer damaged files with whatever they trip over.
      throw unreadable(file, e);
    }
  }

  private static void requireSize(Path file, int width, int height, SensorGeometry geometry) {
    if (width != geometry.width() || height != geometry.height()) {
      throw new UserError(
          "%s: the picture is %dx%d, the readout spec wants %dx%d: scale it to that size"
              .formatted(file, width, height, geometry.width(), geometry.height()));
    }
  }

  private static UserError unreadable(Path file, @Nullable Exception cause) {
    String message =
        "%s: cannot be read as a picture: give a whole PNG, JPEG, BMP or GIF file".formatted(file);
    return cause == null ? new UserError(message) : new UserError(message, cause);
  }

  private static byte[] grey(BufferedImage image) {
    byte[] values = new byte[image.getWidth() * image.getHeight()];
    if (isGrey(image)) {
      // Through getRGB a grey value would pass a change of gamma.
      Raster raster = image.getRaster();
      int surplusBits = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
      for (int i = 0; i < values.length; i++) {
        int sample = raster.getSample(i % image.getWidth(), i / image.getWidth(), 0);
        values[i] = (byte) (sample >> surplusBits);
      }
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
      values[i] = (byte) luma(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF);
    }
    return values;
  }

  private static byte[] colour(BufferedImage image) {
    int pixels = image.getWidth() * image.getHeight();
    byte[] values = new byte[pixels * 3];
    if (isGrey(image)) {
      byte[] grey = grey(image);
      for (int i = 0; i < values.length; i++) {
        values[i] = grey[i / 3];
      }
      return values;
    }
    for (int i = 0; i < pixels; i++) {
      int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
      values[3 * i] = (byte) (rgb >> 16);
      values[3 * i + 1] = (byte) (rgb >> 8);
      values[3 * i + 2] = (byte) rgb;
    }
    return values;
  }

  private static boolean isGrey(BufferedImage image) {
    ColorModel model = image.getColorModel();
    return !(model instanceof IndexColorModel)
        && model.getNumColorComponents() == 1
        && image.getRaster().getSampleModel().getSampleSize(0) >= Byte.SIZE;
  }

  /** ITU-R BT.601 luma in sixteen bits of fraction; equal colours give that same grey. */
  private static int luma(int red, int green, int blue) {
    return (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
}
