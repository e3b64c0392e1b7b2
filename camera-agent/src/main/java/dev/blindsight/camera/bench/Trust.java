package dev.blindsight.camera.bench;

import org.jspecify.annotations.Nullable;

/**
 * How far a run's figures can be believed, by how much its repeated blocks differ and by what other
 * processes took of the processors meanwhile.
 */
public enum Trust {
  /** Blocks of the baseline and of the GEMM peak lie within 5 %, and others had less than 5 %. */
  QUIET("the machine was quiet: trust the times and the ratios"),
  /** Within 15 %, and others had less than 25 %. */
  NOISY("the machine did other things: trust the ratios, and the times only roughly"),
  /** Beyond. */
  TOO_NOISY("too noisy to trust: run it again when the machine has nothing else to do");

  private static final double QUIET_NOISE = 0.05;
  private static final double QUIET_OTHERS = 0.05;
  private static final double NOISY_NOISE = 0.15;
  private static final double NOISY_OTHERS = 0.25;

  private final String words;

  Trust(String words) {
    this.words = words;
  }

  /**
   * Judges a run.
   *
   * @param noise the distance of the quartiles over the median, the larger of the baseline's and
   *     the peak's
   * @param others what other processes had of the processors, 0..1; null if it is not known
   */
  static Trust of(double noise, @Nullable Double others) {
    double taken = others == null ? 0 : others;
    if (noise < QUIET_NOISE && taken < QUIET_OTHERS) {
      return QUIET;
    }
    return noise < NOISY_NOISE && taken < NOISY_OTHERS ? NOISY : TOO_NOISY;
  }

  /** The same for people. */
  public String words() {
    return words;
  }
}
