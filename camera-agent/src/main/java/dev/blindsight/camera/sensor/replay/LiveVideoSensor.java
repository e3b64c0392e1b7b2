package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Plays a video at its own speed: a thread decodes whatever comes, at once, and an exposure is the
 * newest picture that has not been taken yet. So a backlog is decoded, but never shown.
 */
final class LiveVideoSensor implements ReadoutSensor {
  /** What a network camera may do, before it has said what it does. */
  private static final Pace.Live UNKNOWN = new Pace.Live(1, 60);

  private final VideoSource source;
  private final String device;
  private final VideoCounters counters = new VideoCounters();
  private final VideoReadouts readouts;
  private final AVFrame picture = av_frame_alloc();
  private volatile Pace.Live pace = UNKNOWN;
  private volatile boolean stopped;

  /** Guarded by the class's monitor only for changes; close() asks it to stop from outside. */
  private volatile @Nullable LiveVideo video;

  private boolean ended;
  private boolean closed;

  LiveVideoSensor(VideoSource source, ReadoutSpec spec, String device) {
    this.source = source;
    this.device = device;
    this.readouts = new VideoReadouts(spec, device);
  }

  @Override
  public SensorGeometry geometry() {
    return readouts.geometry();
  }

  @Override
  public GuaranteeLevel guarantee() {
    return VideoReadouts.GUARANTEE;
  }

  @Override
  public Pace pace() {
    return pace;
  }

  @Override
  public SensorTraffic traffic() {
    return readouts.traffic(counters);
  }

  @Override
  public MemoryProtection protection() {
    return readouts.protection();
  }

  @Override
  public synchronized Optional<Readout> read() {
    if (stopped || ended || (source.count() != null && readouts.taken() >= source.count())) {
      return Optional.empty();
    }
    LiveVideo playing = video();
    try {
      if (playing.take(picture)) {
        pace = playing.pace().orElse(pace);
        return Optional.of(readouts.take(picture, playing.picturesStandAlone()));
      }
      ended = !stopped;
      return Optional.empty();
    } catch (VideoException e) {
      if (stopped) {
        return Optional.empty();
      }
      counters.fault();
      playing.close();
      video = null;
      throw new SensorException(
          "video %s: %s; it is opened again for the next exposure".formatted(source, e.reason()));
    }
  }

  private LiveVideo video() {
    LiveVideo playing = video;
    if (playing == null) {
      playing = LiveVideo.start(source, counters, device);
      video = playing;
      if (stopped) {
        playing.stop();
      }
    }
    return playing;
  }

  @Override
  public void close() {
    // Without the monitor, for an exposure may be waiting in it.
    stopped = true;
    LiveVideo playing = video;
    if (playing != null) {
      playing.stop();
    }
    release();
  }

  private synchronized void release() {
    if (closed) {
      return;
    }
    closed = true;
    LiveVideo playing = video;
    if (playing != null) {
      playing.close();
      video = null;
    }
    av_frame_free(picture);
    readouts.close();
  }
}
