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

/** Plays a video picture by picture, as fast as it is asked. */
final class RecordingSensor implements ReadoutSensor {
  private final VideoSource source;
  private final VideoCounters counters = new VideoCounters();
  private final Interruption interruption = new Interruption();
  private final VideoReadouts readouts;
  private final AVFrame picture = av_frame_alloc();
  private @Nullable VideoStream stream;

  /** The picture that comes next of the stream. */
  private long position;

  private boolean ended;
  private boolean closed;

  RecordingSensor(VideoSource source, ReadoutSpec spec, String device) {
    this.source = source;
    this.readouts = new VideoReadouts(spec, device);
  }

  /** Opens the video now rather than with the first exposure. */
  synchronized void open() throws VideoException {
    stream();
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
    return Pace.ON_DEMAND;
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
    if (closed || ended || (source.count() != null && readouts.taken() >= source.count())) {
      return Optional.empty();
    }
    try {
      if (nextPicture()) {
        return Optional.of(readouts.take(picture, stream().picturesStandAlone()));
      }
      ended = true;
      return Optional.empty();
    } catch (VideoException e) {
      if (interruption.stopped()) {
        return Optional.empty();
      }
      counters.fault();
      throw new SensorException("video %s: %s".formatted(source, e.reason()));
    }
  }

  /** Decodes on to the next picture that is this sensor's to play. */
  private boolean nextPicture() throws VideoException {
    while (true) {
      VideoStream playing = stream();
      boolean come;
      try {
        come = playing.next(picture);
      } catch (VideoException e) {
        if (playing.over()) {
          closeStream();
        }
        throw e;
      }
      if (come) {
        long number = position++;
        if (number >= source.start() && (number - source.start()) % source.step() == 0) {
          return true;
        }
        Pictures.overwrite(picture, playing.picturesStandAlone());
      } else if (!source.loop()) {
        return false;
      } else if (position <= source.start()) {
        closeStream();
        throw new VideoException(
            "it has %d pictures, and is to be played from number %d: give a smaller start"
                .formatted(position, source.start()));
      } else {
        closeStream();
      }
    }
  }

  private VideoStream stream() throws VideoException {
    if (stream == null) {
      stream = VideoStream.open(source, interruption, counters);
      position = 0;
    }
    return stream;
  }

  private void closeStream() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public void close() {
    // Without the monitor, for an exposure may be waiting in it.
    interruption.stop();
    release();
  }

  private synchronized void release() {
    if (closed) {
      return;
    }
    closed = true;
    closeStream();
    av_frame_free(picture);
    readouts.close();
    interruption.close();
  }
}
