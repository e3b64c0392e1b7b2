package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;

/** A sequence of tokens that can be had in parts, so that a layer can work on a chunk at a time. */
interface TokenSource {
  /** The number of tokens. */
  int tokens();

  /** Tokens {@code from} to before {@code to}: [batch, to - from, width]. */
  Value rows(Operators ops, int from, int to);

  /**
   * Tokens from one that is only known when the graph runs: [batch, count, width].
   *
   * @param from [1], of 64-bit integers
   */
  Value rows(Operators ops, Value from, int count);

  /** The same tokens in one piece, so that any of them can be had in an inner graph. */
  TokenSource joined(Operators ops);

  /** All tokens. */
  default Value all(Operators ops) {
    return rows(ops, 0, tokens());
  }
}
