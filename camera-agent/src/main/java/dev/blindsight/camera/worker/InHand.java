package dev.blindsight.camera.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts what has been taken and is not done yet, and lets somebody wait for there to be nothing.
 */
final class InHand {
  private long taken;
  private long done;
  private long most;

  synchronized void taken() {
    taken++;
    most = Math.max(most, taken - done);
  }

  synchronized void done() {
    done++;
    notifyAll();
  }

  /** How many are not done. */
  synchronized long count() {
    return taken - done;
  }

  /** How many were not done at the same time at most. */
  synchronized long most() {
    return most;
  }

  /**
   * Waits until all is done and nothing has been taken for a while.
   *
   * @param quiet how long nothing must have been taken
   * @param patience how long to wait at most
   * @return whether it came to that
   */
  synchronized boolean awaitNone(Duration quiet, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long seen = -1;
    while (taken > done || taken > seen) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      boolean idle = taken == done;
      seen = idle ? taken : seen;
      TimeUnit.NANOSECONDS.timedWait(this, idle ? Math.min(left, quiet.toNanos()) : left);
    }
    return true;
  }
}
