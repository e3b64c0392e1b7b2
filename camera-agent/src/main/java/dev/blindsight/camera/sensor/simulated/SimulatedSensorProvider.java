package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays labelled pictures: a folder of {@code <label>/<picture>}, an IDX file (its labels beside
 * it, under the name with {@code labels-idx1} for {@code images-idx3}), a record file ({@code
 * .bin}), one picture, or the bundled {@value #BUNDLED}. Options: {@code start}, {@code step},
 * {@code count}, {@code loop}.
 */
public final class SimulatedSensorProvider implements ReadoutSensorProvider {
  /** The location of the bundled extract of Fashion-MNIST: the first 400 test pictures. */
  public static final String BUNDLED = "fashion-mnist-400";

  private static final Set<String> OPTIONS = Set.of("start", "step", "count", "loop");
  private static final String RESOURCES = "/dev/blindsight/camera/demo/";

  /** For the service loader. */
  public SimulatedSensorProvider() {}

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "simulated",
        GuaranteeLevel.ADDRESSED,
        "pictures on a simulated chip with addressable pixels",
        "simulated:pictures/test?loop=true");
  }

  @Override
  public boolean recognises(String location) {
    try {
      Path path = Path.of(location);
      return Files.isDirectory(path)
          || (Files.isRegularFile(path)
              && (isIdx(path) || isRecords(path) || PictureFolder.isPicture(path)));
    } catch (InvalidPathException _) {
      return false;
    }
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    source.requireOptionsAmong(OPTIONS);
    Playback playback = Playback.of(source);
    Pictures pictures = pictures(source.location(), spec.geometry());
    if (playback.start() >= pictures.size()) {
      throw new UserError(
          "sensor source \"%s\": option start is %d, there are %d pictures: begin at 0 to %d"
              .formatted(source, playback.start(), pictures.size(), pictures.size() - 1));
    }
    return new SimulatedSensor(
        new SimulatedChip(spec.geometry()), pictures, playback, spec, device);
  }

  @Override
  public SensorSource share(SensorSource source, int camera, int cameras) {
    Playback whole = Playback.of(source);
    return source
        .with("start", String.valueOf(whole.start() + camera * whole.step()))
        .with("step", String.valueOf(whole.step() * cameras));
  }

  private static Pictures pictures(String location, SensorGeometry geometry) {
    if (location.equals(BUNDLED)) {
      return bundled(geometry);
    }
    Path path = path(location);
    if (Files.isDirectory(path)) {
      return PictureFolder.open(path, geometry);
    }
    if (isIdx(path)) {
      Path labels = labels(path);
      return IdxFile.read(
          () -> open(path), path.toString(), file(labels), String.valueOf(labels), geometry);
    }
    return isRecords(path) ? RecordFile.read(path, geometry) : PictureFolder.single(path, geometry);
  }

  private static Pictures bundled(SensorGeometry geometry) {
    String images = "first-400-images-idx3-ubyte.gz";
    String labels = "first-400-labels-idx1-ubyte.gz";
    return IdxFile.read(() -> resource(images), images, () -> resource(labels), labels, geometry);
  }

  private static InputStream resource(String name) throws IOException {
    InputStream resource = SimulatedSensorProvider.class.getResourceAsStream(RESOURCES + name);
    if (resource == null) {
      throw new NoSuchFileException(name);
    }
    return resource;
  }

  private static Path path(String location) {
    try {
      return Path.of(location);
    } catch (InvalidPathException e) {
      throw new UserError("\"%s\" is no path: give the path of pictures".formatted(location), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    }
  }

  private static IdxFile.@Nullable Source file(@Nullable Path file) {
    return file == null ? null : () -> Files.newInputStream(file);
  }

  private static @Nullable Path labels(Path images) {
    Path labels =
        images.resolveSibling(name(images).replace("images", "labels").replace("idx3", "idx1"));
    return !labels.equals(images) && Files.isRegularFile(labels) ? labels : null;
  }

  private static boolean isIdx(Path file) {
    return name(file).contains("-idx3-") || name(file).contains(".idx3");
  }

  private static boolean isRecords(Path file) {
    return name(file).endsWith(".bin");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
