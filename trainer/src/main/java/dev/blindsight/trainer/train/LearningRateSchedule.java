package dev.blindsight.trainer.train;

import dev.blindsight.trainer.recipe.OptimiserSettings;

/**
 * The learning rate of each step: a linear rise over the warm-up, then half a cosine down to the
 * minimum at the last step (Loshchilov and Hutter, "SGDR", 2017, without restarts).
 */
final class LearningRateSchedule {
  private static final int LARGEST_WARM_UP_SHARE = 10;

  private final double largest;
  private final double smallest;
  private final long warmUp;
  private final long steps;

  /**
   * @param steps of the whole training, at least 1; the warm-up takes at most a tenth of them
   */
  LearningRateSchedule(OptimiserSettings settings, long steps) {
    this.largest = settings.learningRate();
    this.smallest = settings.minimumLearningRate();
    this.steps = steps;
    this.warmUp = Math.min(settings.warmUpSteps(), steps / LARGEST_WARM_UP_SHARE);
  }

  /**
   * The rate of one step.
   *
   * @param step from 0
   */
  double rate(long step) {
    if (step < warmUp) {
      return largest * (step + 1) / warmUp;
    }
    double done = (double) (step - warmUp) / Math.max(1, steps - 1 - warmUp);
    return smallest + (largest - smallest) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
  }
}
