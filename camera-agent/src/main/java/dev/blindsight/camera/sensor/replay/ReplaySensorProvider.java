package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.Locale;
import java.util.Set;

/**
 * Video files and network cameras, by FFmpeg. A source is a path or an address: {@code
 * replay:clip.avi?loop=true}, {@code rtsp://user:password@camera/stream}, {@code
 * udp://0.0.0.0:5000}. Options of this driver: {@code loop}, {@code start}, {@code step}, {@code
 * count}, {@code paced}, {@code timeout_seconds}; others of an address are the server's, but for
 * FFmpeg's {@code rtsp_flags}, {@code rtsp_transport}, {@code tls_verify} and {@code ca_file}.
 */
public final class ReplaySensorProvider implements ReadoutSensorProvider {
  private static final Set<String> ENDINGS =
      Set.of(
          "avi", "mp4", "m4v", "mkv", "mov", "webm", "ts", "mts", "mpg", "mpeg", "mjpeg", "mjpg",
          "flv", "wmv", "h264", "y4m", "3gp", "ogv");

  /** For the service loader. */
  public ReplaySensorProvider() {}

  @Override
  public SensorKind kind() {
    return new SensorKind(
        VideoSource.SCHEME,
        GuaranteeLevel.FRAME_IN_DRIVER,
        "video files, and network cameras by RTSP, HTTP, UDP or TCP",
        "replay:clip.avi?loop=true");
  }

  @Override
  public Set<String> aliases() {
    return VideoSource.TRANSPORTS;
  }

  @Override
  public boolean recognises(String location) {
    int dot = location.lastIndexOf('.');
    return dot >= 0 && ENDINGS.contains(location.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  @Override
  public ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    int channels = spec.geometry().channels();
    if (channels != 1 && channels != 3) {
      throw new UserError(
          "sensor source %s: the readout spec has %d channels of a pixel, video has 1 (grey) or 3 (red, green, blue): use another model"
              .formatted(source.withoutSecrets(), channels));
    }
    VideoSource video = VideoSource.of(source);
    Ffmpeg.load();
    if (video.paced()) {
      return new LiveVideoSensor(video, spec, device);
    }
    RecordingSensor recording = new RecordingSensor(video, spec, device);
    if (!video.network()) {
      try {
        recording.open();
      } catch (VideoException e) {
        recording.close();
        throw new UserError("%s: %s".formatted(video, e.reason()), e);
      }
    }
    return recording;
  }

  @Override
  public SensorSource share(SensorSource source, int camera, int cameras) {
    VideoSource whole = VideoSource.of(source);
    return whole.paced()
        ? source
        : source
            .with("start", String.valueOf(whole.start() + camera * whole.step()))
            .with("step", String.valueOf(whole.step() * cameras));
  }
}
