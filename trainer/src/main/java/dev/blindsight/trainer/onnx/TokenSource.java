package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;

/** A sequence of tokens that can be had in parts, so that a layer can work on a chunk at a time. */
interface TokenSource {
  /** The number of tokens. */
  int tokens();

  /** Tokens {@code from} to before {@code to}. */
  Residual rows(Operators ops, int from, int to);

  /** All tokens. */
  default Residual all(Operators ops) {
    return rows(ops, 0, tokens());
  }
}
