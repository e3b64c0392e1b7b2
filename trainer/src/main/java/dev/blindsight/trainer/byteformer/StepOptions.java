package dev.blindsight.trainer.byteformer;

/**
 * What one optimiser step may choose afresh.
 *
 * @param learningRate factor of AdamW's update, at least 0
 * @param weightDecay decoupled decay of tensors with more than one dimension, at least 0
 * @param emaDecay share of the old value in the exponential moving average, 0 to 1
 * @param gradientClip largest global norm of the gradient; 0 for no limit
 */
public record StepOptions(
    double learningRate, double weightDecay, double emaDecay, double gradientClip) {

  public StepOptions {
    if (!(learningRate >= 0 && weightDecay >= 0 && gradientClip >= 0)) {
      throw new IllegalArgumentException(
          "learningRate, weightDecay and gradientClip must not be negative");
    }
    if (!(emaDecay >= 0 && emaDecay <= 1)) {
      throw new IllegalArgumentException("emaDecay must be in [0, 1]: " + emaDecay);
    }
  }
}
