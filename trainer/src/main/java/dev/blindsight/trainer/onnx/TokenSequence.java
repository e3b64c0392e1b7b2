package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A sequence of tokens in the pieces in which it was computed. */
final class TokenSequence implements TokenSource {

  /**
   * Neighbouring tokens.
   *
   * @param from the first token's place in the sequence
   * @param tokens [batch, tokens, width]
   */
  record Piece(int from, Value tokens) {
    int to() {
      return from + Math.toIntExact(tokens.shape().size(1));
    }
  }

  private final List<Piece> pieces;

  /**
   * @param pieces in any order
   * @throws IllegalArgumentException when they overlap or leave a gap
   */
  TokenSequence(List<Piece> pieces) {
    this.pieces = pieces.stream().sorted(Comparator.comparingInt(Piece::from)).toList();
    int place = 0;
    for (Piece piece : this.pieces) {
      if (piece.from() != place) {
        throw new IllegalArgumentException(
            "a piece starts at %d, not at %d".formatted(piece.from(), place));
      }
      place = piece.to();
    }
  }

  /** The pieces, from the first token to the last. */
  List<Piece> pieces() {
    return pieces;
  }

  @Override
  public int tokens() {
    return pieces.getLast().to();
  }

  @Override
  public Value rows(Operators ops, int from, int to) {
    List<Value> parts = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.from() == from && piece.to() == to) {
        return piece.tokens();
      }
      int first = Math.max(from, piece.from());
      int end = Math.min(to, piece.to());
      if (first < end) {
        parts.add(ops.slice(piece.tokens(), first - piece.from(), end - piece.from()));
      }
    }
    return ops.concat(parts);
  }

  @Override
  public Value rows(Operators ops, Value from, int count) {
    if (pieces.size() != 1) {
      throw new IllegalStateException("join the pieces first");
    }
    return ops.slice(pieces.getFirst().tokens(), from, count, 1);
  }

  @Override
  public TokenSource joined(Operators ops) {
    return pieces.size() == 1 ? this : new TokenSequence(List.of(new Piece(0, all(ops))));
  }
}
