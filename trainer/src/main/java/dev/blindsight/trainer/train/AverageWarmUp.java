package dev.blindsight.trainer.train;

/**
 * How much of the old average is kept at each step. A moving average that begins at the random
 * start would remember it through a short training; so the first steps average over all that went
 * before, until that span reaches the one asked for.
 */
final class AverageWarmUp {
  private static final int FIRST_SPAN = 10;

  private AverageWarmUp() {}

  /**
   * The decay of one step: the smaller of {@code decay} and 1 - 1 / (step + 10).
   *
   * @param decay in the long run, 0 to below 1
   * @param step from 0
   */
  static double decay(double decay, long step) {
    return Math.min(decay, 1 - 1.0 / (step + FIRST_SPAN));
  }
}
