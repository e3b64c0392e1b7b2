package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Picture files as {@code <label>/<picture>}, in the order of their paths; pictures beside the
 * label folders, and a single file, have no label. Each file is read when its turn comes.
 */
final class PictureFolder implements Pictures {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "bmp", "gif");

  private final SensorGeometry geometry;
  private final List<Picture> pictures;

  private PictureFolder(SensorGeometry geometry, List<Picture> pictures) {
    this.geometry = geometry;
    this.pictures = pictures;
  }

  private record Picture(Path file, @Nullable TrueLabel label) {}

  /** One unlabelled picture. */
  static PictureFolder single(Path file, SensorGeometry geometry) {
    return new PictureFolder(geometry, List.of(new Picture(file, null)));
  }

  /**
   * The pictures of a folder.
   *
   * @throws UserError when there are none
   */
  static PictureFolder open(Path folder, SensorGeometry geometry) {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      List<Picture> pictures =
          files
              .filter(PictureFolder::isPicture)
              .sorted()
              .map(file -> new Picture(file, label(folder, file)))
              .toList();
      if (pictures.isEmpty()) {
        throw new UserError(
            "%s: no pictures: put them there as <label>/<picture>.png".formatted(folder));
      }
      return new PictureFolder(geometry, pictures);
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be listed: give a readable folder".formatted(folder), e);
    }
  }

  /** Whether a file's name ends as a picture's does. */
  static boolean isPicture(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static @Nullable TrueLabel label(Path folder, Path file) {
    Path parent = file.getParent();
    return parent == null || parent.equals(folder)
        ? null
        : new TrueLabel.Named(String.valueOf(parent.getFileName()));
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public Exposure exposure(int index) {
    return PictureFile.read(pictures.get(index).file(), geometry);
  }

  @Override
  public Optional<TrueLabel> label(int index) {
    return Optional.ofNullable(pictures.get(index).label());
  }
}
