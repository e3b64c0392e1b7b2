package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.InputPin;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for the beginning of VSYNC, which ends one frame and announces the next. */
final class FrameClock {
  private final InputPin verticalSync;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long seen;
  private boolean stopped;

  FrameClock(InputPin verticalSync, Duration timeout) {
    this.verticalSync = verticalSync;
    this.timeout = timeout;
  }

  /** Listens until it is closed; edges count from here on. */
  InputPin.Listening listen() {
    return verticalSync.listen(high -> {
      if (high) {
        count();
      }
    });
  }

  private void count() {
    lock.lock();
    try {
      seen++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many edges came so far. */
  long seen() {
    lock.lock();
    try {
      return seen;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for an edge later than a count.
   *
   * @return the count then
   * @throws SensorException one line that names the wire, when none comes in time or the wait is
   *     ended
   */
  long awaitAfter(long count) {
    lock.lock();
    try {
      long nanos = timeout.toNanos();
      while (seen <= count && !stopped) {
        if (nanos <= 0) {
          throw new SensorException(
              "%s: no frame began within %d ms: check the wire VSYNC and the module's clock"
                  .formatted(verticalSync, timeout.toMillis()));
        }
        nanos = changed.awaitNanos(nanos);
      }
      if (stopped) {
        throw new SensorException("%s: the sensor is being closed".formatted(verticalSync));
      }
      return seen;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SensorException("%s: interrupted".formatted(verticalSync), e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting, now and later. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
