package dev.blindsight.protocol.model;

/** Who takes part in attention and pooling besides the real tokens. */
public enum AttentionMode {
  /**
   * As CoreNet 1aa3acd computes it: zero vectors of window padding and wrapped positions are
   * attended to, so published weights give their published answers.
   */
  REFERENCE,
  /** Padding and wrapped positions are never attended to: an answer depends on its input alone. */
  BATCH_INVARIANT
}
