package dev.blindsight.trainer.evaluate;

/** A model that can be asked. */
public interface Classifier extends AutoCloseable {
  /**
   * The logits of readouts.
   *
   * @param readouts permuted bytes, each of the model's input length
   * @return for each readout one logit for each class
   */
  float[][] logits(byte[][] readouts);

  @Override
  void close();
}
