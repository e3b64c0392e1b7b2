package dev.blindsight.camera.mqtt;

/**
 * Why there is no connection.
 *
 * @param reason one line for people: what is wrong and, where it is known, how to mend it
 * @param lasting whether it stays so until a person mends it; then the next attempt may wait
 */
record Trouble(String reason, boolean lasting) {
  /** It may pass by itself. */
  static Trouble passing(String reason) {
    return new Trouble(reason, false);
  }

  /** Somebody must do something about it. */
  static Trouble lasting(String reason) {
    return new Trouble(reason, true);
  }
}
