package dev.blindsight.camera.sensor.linux;

/** How a wait for input ended. */
public enum Readiness {
  /** There is something to read, an end of file or an error among it. */
  READY,
  /** Somebody called {@link Wakeup#signal()}. */
  WOKEN,
  /** Nothing came within the time. */
  TIMED_OUT
}
