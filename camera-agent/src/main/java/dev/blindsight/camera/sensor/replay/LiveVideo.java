package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;

import dev.blindsight.camera.sensor.Pace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * A video that runs: its thread opens it, decodes all that comes, and keeps the newest picture. A
 * picture that is superseded before anybody took it is overwritten. Over when it failed or ended.
 */
final class LiveVideo implements AutoCloseable {
  private final VideoSource source;
  private final VideoCounters counters;
  private final Interruption interruption = new Interruption();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AVFrame newest = av_frame_alloc();
  private final Thread thread;
  private boolean fresh;
  private boolean over;
  private @Nullable VideoException failure;
  private double picturesPerSecond;
  private volatile boolean standAlone;

  private LiveVideo(VideoSource source, VideoCounters counters, String device) {
    this.source = source;
    this.counters = counters;
    this.thread = Thread.ofPlatform().daemon().name("video of " + device).unstarted(this::play);
  }

  static LiveVideo start(VideoSource source, VideoCounters counters, String device) {
    LiveVideo video = new LiveVideo(source, counters, device);
    video.thread.start();
    return video;
  }

  /** The video's rate, once it has told it. */
  Optional<Pace.Live> pace() {
    lock.lock();
    try {
      return picturesPerSecond > 0
          ? Optional.of(new Pace.Live(picturesPerSecond, picturesPerSecond))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether its pictures can be overwritten once they are used. */
  boolean picturesStandAlone() {
    return standAlone;
  }

  /**
   * Waits for a picture newer than the one taken last.
   *
   * @param picture receives the reference to it; holds none before
   * @return false when the video has ended or was stopped
   * @throws VideoException what the thread ended by
   */
  boolean take(AVFrame picture) throws VideoException {
    lock.lock();
    try {
      while (!fresh && !over) {
        changed.awaitUninterruptibly();
      }
      if (fresh) {
        fresh = false;
        av_frame_move_ref(picture, newest);
        return true;
      }
      if (failure != null) {
        throw failure;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void play() {
    AVFrame decoded = av_frame_alloc();
    try {
      do {
        playOnce(decoded);
      } while (source.loop() && !interruption.stopped());
      end(source.ends() ? null : new VideoException("the sender ended it"));
    } catch (VideoException e) {
      end(interruption.stopped() ? null : e);
    } finally {
      av_frame_free(decoded);
    }
  }

  private void playOnce(AVFrame decoded) throws VideoException {
    try (VideoStream stream = VideoStream.open(source, interruption, counters)) {
      tell(stream.picturesPerSecond());
      standAlone = stream.picturesStandAlone();
      long start = System.nanoTime();
      @Nullable Duration first = null;
      while (stream.next(decoded)) {
        if (!source.network()) {
          Duration time = stream.time(decoded);
          first = first == null ? time : first;
          waitUntil(start + time.minus(first).toNanos());
        }
        show(decoded);
      }
      if (first == null && !source.network()) {
        throw new VideoException("there are no pictures in it: check it with a player");
      }
    }
  }

  private void tell(double rate) {
    lock.lock();
    try {
      picturesPerSecond = rate;
    } finally {
      lock.unlock();
    }
  }

  /** Waits as the video's clock goes, or until it is stopped. */
  private void waitUntil(long due) {
    lock.lock();
    try {
      long left = due - System.nanoTime();
      while (left > 0 && !interruption.stopped()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      interruption.stop();
    } finally {
      lock.unlock();
    }
  }

  private void show(AVFrame decoded) {
    lock.lock();
    try {
      Pictures.overwrite(newest, standAlone);
      av_frame_move_ref(newest, decoded);
      fresh = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable VideoException reason) {
    lock.lock();
    try {
      failure = reason;
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the thread end soon, and whoever waits return; from any thread. */
  void stop() {
    interruption.stop();
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops it, waits for its thread, and overwrites what was not taken. */
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Pictures.overwrite(newest, standAlone);
    av_frame_free(newest);
    interruption.close();
  }
}
