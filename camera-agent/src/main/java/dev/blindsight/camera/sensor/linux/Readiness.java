package dev.blindsight.camera.sensor.linux;

/** How a wait for input ended. */
public enum Readiness {
  /** There is something to read. */
  READY,
  /**
   * There is nothing to read and nothing will come: the other end is closed, or the device gone.
   */
  HUNG_UP,
  /** Somebody called {@link Wakeup#signal()}. */
  WOKEN,
  /** Nothing came within the time. */
  TIMED_OUT
}
