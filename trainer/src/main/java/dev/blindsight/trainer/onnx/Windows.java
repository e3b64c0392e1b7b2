package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.TokenSequence.Piece;
import dev.blindsight.trainer.onnx.WindowPart.Tokens;
import dev.blindsight.trainer.onnx.WindowPart.Zeros;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** Lays tokens into the windows of a group, and takes them out again. */
final class Windows {
  private Windows() {}

  /**
   * The group's rows, window after window, taken from the sequence; zeros are put in: [batch, rows,
   * width].
   */
  static Value fill(Operators ops, TokenSource tokens, WindowGroup group) {
    if (group.parts().size() == 1 && group.parts().getFirst() instanceof Tokens(int from, int to)) {
      return tokens.rows(ops, from, to);
    }
    List<Value> values = new ArrayList<>();
    int zeros = 0;
    for (WindowPart part : group.parts()) {
      switch (part) {
        case Zeros(int length) -> zeros += length;
        case Tokens(int from, int to) -> {
          Value rows = tokens.rows(ops, from, to);
          values.add(zeros == 0 ? rows : ops.pad(rows, zeros, 0));
          zeros = 0;
        }
      }
    }
    if (zeros > 0) {
      values.set(values.size() - 1, ops.pad(values.getLast(), 0, zeros));
    }
    return ops.concat(values);
  }

  /** The tokens among the group's rows, each stretch for its place in the sequence. */
  static List<Piece> empty(Operators ops, Value rows, WindowGroup group) {
    if (group.parts().size() == 1 && group.parts().getFirst() instanceof Tokens(int from, int _)) {
      return List.of(new Piece(from, rows));
    }
    List<Piece> pieces = new ArrayList<>();
    int place = 0;
    for (WindowPart part : group.parts()) {
      if (part instanceof Tokens(int from, int _)) {
        pieces.add(new Piece(from, ops.slice(rows, place, place + part.length())));
      }
      place += part.length();
    }
    return pieces;
  }
}
