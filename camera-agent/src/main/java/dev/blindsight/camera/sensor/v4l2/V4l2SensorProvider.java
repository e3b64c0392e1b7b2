package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Opens cameras behind Video for Linux: {@code v4l2:/dev/video0}, {@code v4l2:0} or just {@code
 * /dev/video0}. Options: {@code size} (width x height asked of the camera), {@code format} (grey or
 * yuyv), {@code rate} (frames a second), {@code timeout} (milliseconds).
 */
public final class V4l2SensorProvider implements ReadoutSensorProvider {
  private static final Pattern NAME = Pattern.compile("video\\d+");
  private static final Pattern DEVICE = Pattern.compile("/dev/(video\\d+|v4l/.+)");

  private final VideoSystem system;
  private final Path devices;

  /** For the service loader. */
  public V4l2SensorProvider() {
    this(LinuxVideoDevice::open, Path.of("/dev"));
  }

  V4l2SensorProvider(VideoSystem system, Path devices) {
    this.system = system;
    this.devices = devices;
  }

  @Override
  public SensorKind kind() {
    return new SensorKind(
        "v4l2",
        GuaranteeLevel.FRAME_IN_DRIVER,
        "USB cameras and capture cards behind Video for Linux",
        "v4l2:/dev/video0?size=640x480");
  }

  @Override
  public List<String> present() {
    try (Stream<Path> files = Files.list(devices)) {
      return files
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .map(Path::toString)
          // The numbers have no leading zeros: the shorter is the lower.
          .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  @Override
  public boolean recognises(String location) {
    return DEVICE.matcher(location).matches();
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    V4l2Settings settings = V4l2Settings.of(source, spec.geometry());
    return V4l2Sensor.open(system, settings, spec, device);
  }
}
