package dev.blindsight.trainer.onnx;

/**
 * How near a model of 8-bit integers comes to the same network in 32-bit floats.
 *
 * @param cosine of the angle between their logits, the mean over the readouts
 * @param topOne the share of readouts to which both name the same class first, 0..1
 * @param readouts how many were compared; the scales were not found from them
 */
public record Agreement(double cosine, double topOne, int readouts) {}
