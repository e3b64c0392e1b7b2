package dev.blindsight.camera.bench;

/** How far a run's figures can be believed, by how much its repeated blocks differ. */
public enum Trust {
  /** Blocks of the baseline and of the GEMM peak lie within 5 %. */
  QUIET("the machine was quiet: trust the times and the ratios"),
  /** Within 15 %. */
  NOISY("the machine did other things: trust the ratios, and the times only roughly"),
  /** Beyond. */
  TOO_NOISY("too noisy to trust: run it again when the machine has nothing else to do");

  private static final double QUIET_BELOW = 0.05;
  private static final double NOISY_BELOW = 0.15;

  private final String words;

  Trust(String words) {
    this.words = words;
  }

  /**
   * @param noise the distance of the quartiles over the median, the larger of the baseline's and
   *     the peak's
   */
  static Trust of(double noise) {
    if (noise < QUIET_BELOW) {
      return QUIET;
    }
    return noise < NOISY_BELOW ? NOISY : TOO_NOISY;
  }

  /** The same for people. */
  public String words() {
    return words;
  }
}
