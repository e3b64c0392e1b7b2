package dev.blindsight.camera.sensor.linux;

import java.time.Duration;

/**
 * Ends a thread's wait for input from another thread: an eventfd(2) that is polled together with
 * the input. Once signalled it stays signalled.
 */
public final class Wakeup implements AutoCloseable {
  private final int descriptor;
  private boolean closed;

  private Wakeup(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Makes one.
   *
   * @throws SystemCallException when the process has no file descriptor left
   */
  public static Wakeup open() throws SystemCallException {
    return new Wakeup(LinuxCalls.eventfd());
  }

  /**
   * Waits until a file descriptor can be read.
   *
   * @param input an open file descriptor
   * @param timeout at least 0
   * @throws SystemCallException when the descriptor is none
   */
  public Readiness await(int input, Duration timeout) throws SystemCallException {
    return LinuxCalls.poll(input, descriptor, timeout);
  }

  /** Ends this wait and all later ones; from any thread, at any time. */
  public synchronized void signal() {
    if (closed) {
      return;
    }
    try {
      LinuxCalls.addToEvent(descriptor);
    } catch (SystemCallException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      LinuxCalls.close(descriptor);
    }
  }
}
