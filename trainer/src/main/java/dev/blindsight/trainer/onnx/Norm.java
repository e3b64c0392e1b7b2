package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;

/** A layer norm of the residual stream. */
sealed interface Norm permits RowNorm, TokenAxisNorm {

  /**
   * Normalises each token.
   *
   * @param tokens [..., width]
   * @return the same tokens in any arrangement
   */
  Rows apply(Operators ops, Value tokens);

  /**
   * The norm that CoreNet 1aa3acd applies to sequences of the given length: its LayerNorm takes
   * axis 1 for channels when it is as long as the network is wide, and then normalises over tokens.
   *
   * @param module whose weight and bias are meant
   * @param length of the sequences: a window, or all tokens
   */
  static Norm of(Parameters parameters, String module, int length) {
    boolean mistaken = parameters.isReference() && length == parameters.width();
    return mistaken ? new TokenAxisNorm(parameters, module) : new RowNorm(parameters, module);
  }
}
