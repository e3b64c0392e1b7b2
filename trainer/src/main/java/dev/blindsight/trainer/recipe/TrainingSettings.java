package dev.blindsight.trainer.recipe;

import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;

/**
 * How long and how gently the network learns.
 *
 * @param epochs passes over the training split, 1..100000
 * @param batchSize pictures in one step, 1..65536
 * @param labelSmoothing share of each target spread over all classes, 0 to below 1
 * @param dropout probability with which a value is dropped, 0 to below 1
 * @param stochasticDepth probability with which the last block's branches are left out, 0 to below
 *     1; earlier blocks less
 * @param emaDecay share of the old value in the moving average of the weights, 0 to below 1
 * @param precision arithmetic of matrix products
 */
public record TrainingSettings(
    int epochs,
    int batchSize,
    double labelSmoothing,
    double dropout,
    double stochasticDepth,
    double emaDecay,
    Precision precision) {

  /**
   * @throws dev.blindsight.protocol.UserError when a field is out of range
   */
  public TrainingSettings {
    Limits.whole("epochs", epochs, 1, 100_000);
    Limits.whole("batch_size", batchSize, 1, 65_536);
    Limits.share("label_smoothing", labelSmoothing);
    Limits.share("dropout", dropout);
    Limits.share("stochastic_depth", stochasticDepth);
    Limits.share("ema_decay", emaDecay);
  }
}
