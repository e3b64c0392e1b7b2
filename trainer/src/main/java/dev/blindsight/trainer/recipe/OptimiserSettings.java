package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;

/**
 * AdamW (Loshchilov and Hutter, 2019) and its learning rate.
 *
 * @param learningRate the largest, greater than 0, at most 1
 * @param minimumLearningRate reached at the end, 0 to {@code learningRate}
 * @param warmUpSteps steps in which the rate grows linearly, 0 to 1 million
 * @param weightDecay of tensors with more than one dimension, 0..1
 * @param gradientClip largest global norm of the gradient, 0 (no limit) to 1000
 */
public record OptimiserSettings(
    double learningRate,
    double minimumLearningRate,
    int warmUpSteps,
    double weightDecay,
    double gradientClip) {

  /**
   * @throws UserError when a field is out of range
   */
  public OptimiserSettings {
    if (!(learningRate > 0 && learningRate <= 1)) {
      throw new UserError(
          "learning_rate is %s: give a number greater than 0, at most 1".formatted(learningRate));
    }
    Limits.number("minimum_learning_rate", minimumLearningRate, 0, learningRate);
    Limits.whole("warm_up_steps", warmUpSteps, 0, 1_000_000);
    Limits.number("weight_decay", weightDecay, 0, 1);
    Limits.number("gradient_clip", gradientClip, 0, 1000);
  }
}
