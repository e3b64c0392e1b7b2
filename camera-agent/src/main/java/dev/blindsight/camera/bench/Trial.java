package dev.blindsight.camera.bench;

/** How the attempt to run a model in a process of its own ended. */
sealed interface Trial {
  /** It ran. */
  record Measured(Footprint footprint) implements Trial {}

  /**
   * The process died: whoever runs this model dies, too.
   *
   * @param reason for people, within a sentence
   */
  record Crashed(String reason) implements Trial {}

  /**
   * It did not come to that.
   *
   * @param reason for people, within a sentence
   */
  record Failed(String reason) implements Trial {}
}
