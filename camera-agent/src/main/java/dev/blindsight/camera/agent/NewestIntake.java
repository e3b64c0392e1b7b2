package dev.blindsight.camera.agent;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.UserError;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes the exposures of a live sensor at the sensor's own pace, on a thread of its own, and keeps
 * the newest for whoever asks: when answers take longer than exposures, the older ones are
 * overwritten and counted, and no answer is about the past.
 *
 * <p>After a failure nothing more is taken until it has been told, so that the pause after it is
 * the asker's to choose.
 */
final class NewestIntake implements Intake {
  private final Callable<Optional<Captured>> sensor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Captured newest;
  private @Nullable RuntimeException failure;
  private boolean ended;
  private boolean closed;
  private long dropped;

  /**
   * @param sensor takes an exposure; what it gives is closed here or handed on
   * @param name of the thread
   */
  NewestIntake(Callable<Optional<Captured>> sensor, String name) {
    this.sensor = sensor;
    Thread _ = Thread.ofPlatform().daemon().name(name).start(this::takeAll);
  }

  private void takeAll() {
    try {
      while (mayTake()) {
        try {
          Optional<Captured> captured = sensor.call();
          if (captured.isEmpty()) {
            return;
          }
          put(captured.get());
        } catch (SensorException | UserError e) {
          fail(e);
        }
      }
    } catch (RuntimeException e) {
      fail(e);
    } catch (Exception e) {
      fail(new IllegalStateException(e));
    } finally {
      end();
    }
  }

  private boolean mayTake() throws InterruptedException {
    lock.lock();
    try {
      while (failure != null && !closed) {
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void put(Captured captured) {
    lock.lock();
    try {
      if (closed) {
        captured.readout().close();
        return;
      }
      if (newest != null) {
        newest.readout().close();
        dropped++;
      }
      newest = captured;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(RuntimeException e) {
    lock.lock();
    try {
      failure = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Captured> next() throws InterruptedException {
    lock.lock();
    try {
      while (newest == null && failure == null && !ended && !closed) {
        changed.await();
      }
      if (closed) {
        return Optional.empty();
      }
      Captured captured = newest;
      newest = null;
      if (captured != null) {
        return Optional.of(captured);
      }
      RuntimeException told = failure;
      if (told != null) {
        failure = null;
        changed.signalAll();
        throw told;
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (newest != null) {
        newest.readout().close();
        newest = null;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
