package dev.blindsight.protocol.model;

/** The arithmetic of a model's matrix products. */
public enum Precision {
  /** 32-bit floats. */
  FP32,
  /**
   * Activations of 8 bits without sign, on scales fixed at export, by weights of 8 bits with sign,
   * on a scale for each output; sums of 32 bits.
   */
  INT8
}
