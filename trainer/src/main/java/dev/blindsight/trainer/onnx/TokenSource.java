package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;

/** A sequence of tokens that can be had in parts, so that a layer can work on a chunk at a time. */
interface TokenSource {
  /** The number of tokens. */
  int tokens();

  /** Tokens {@code from} to before {@code to}: [batch, to - from, width]. */
  Value rows(Operators ops, int from, int to);

  /** All tokens. */
  default Value all(Operators ops) {
    return rows(ops, 0, tokens());
  }
}
