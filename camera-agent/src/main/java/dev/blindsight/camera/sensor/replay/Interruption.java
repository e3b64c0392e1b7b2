package dev.blindsight.camera.sensor.replay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * Makes FFmpeg come back from waiting: at a deadline, or when another thread asks. FFmpeg asks it
 * several times a second while it waits for data.
 */
final class Interruption implements AutoCloseable {
  private static final AtomicLong NAMES = new AtomicLong();
  private static final Map<Long, Interruption> BY_NAME = new ConcurrentHashMap<>();

  /** One for the process: JavaCPP has a fixed number of native entry points for a kind. */
  private static final Question QUESTION = new Question();

  private final long name = NAMES.incrementAndGet();
  private volatile boolean stopped;
  private volatile boolean expired;
  private volatile long deadline;

  Interruption() {
    BY_NAME.put(name, this);
  }

  /** From now on FFmpeg asks here, whenever it waits on behalf of this context. */
  void attach(AVFormatContext context) {
    context.interrupt_callback().callback(QUESTION).opaque(new Name(name));
  }

  /** Sets the deadline of what is begun next. */
  void expireIn(Duration duration) {
    deadline = System.nanoTime() + duration.toNanos();
    expired = false;
  }

  /** Whether what was begun last was cut off at its deadline. */
  boolean expired() {
    return expired;
  }

  /** Cuts off what is waiting now and all that would wait later; from any thread. */
  void stop() {
    stopped = true;
  }

  boolean stopped() {
    return stopped;
  }

  private boolean due() {
    if (!stopped && System.nanoTime() - deadline > 0) {
      expired = true;
    }
    return stopped || expired;
  }

  /** When no context refers to it any more. */
  @Override
  public void close() {
    BY_NAME.remove(name);
  }

  /** A name that travels through native code as the address it never is. */
  private static final class Name extends Pointer {
    Name(long name) {
      address = name;
    }
  }

  private static final class Question extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer name) {
      Interruption asked = BY_NAME.get(name.address());
      return asked == null || asked.due() ? 1 : 0;
    }
  }
}
