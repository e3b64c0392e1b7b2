package dev.blindsight.camera.agent;

/** Counts what has begun and not ended, and waits until that is nothing. Thread-safe. */
final class Outstanding {
  private long count;
  private boolean abandoned;

  synchronized void begin(long more) {
    count += more;
  }

  synchronized void end() {
    count--;
    notifyAll();
  }

  /** Lets nobody wait any more. */
  synchronized void abandon() {
    abandoned = true;
    notifyAll();
  }

  /** Waits until everything has ended, or is abandoned. */
  synchronized void await() throws InterruptedException {
    while (count > 0 && !abandoned) {
      wait();
    }
  }
}
