package dev.blindsight.protocol.model;

/** The forms in which a network can be written as a graph; both compute the same logits. */
public enum GraphForm {
  /** Folded stem, windows in chunks that fit a cache, fused operators of ONNX Runtime. */
  FAST,
  /**
   * Operator by operator as a tracing exporter writes it; what the fast form is measured against.
   */
  NAIVE
}
