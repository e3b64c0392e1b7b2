package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.onnx.TokenSequence.Piece;
import dev.blindsight.trainer.onnx.WindowPart.Tokens;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A transformer block and, where the network shrinks, the merge after it. One group of windows goes
 * all the way before the next begins, so that its activations stay in a core's cache. Groups that
 * continue each other run through one inner graph: the model then loads in a fifth of the time and
 * keeps one copy of packed weights, not one for each group.
 *
 * @param plan of the layer
 * @param block of the layer
 * @param merging after it; unused where the plan has none
 * @param mayRepeat whether inner graphs may be written
 */
record EncoderLayer(
    LayerPlan plan, TransformerBlock block, TokenMerging merging, boolean mayRepeat) {
  /** A loop costs a copy of what it gives; fewer groups are written out. */
  private static final int FEWEST_TO_REPEAT = 3;

  /** The layer of a network. */
  static EncoderLayer of(Parameters parameters, MatrixProducts products, LayerPlan plan) {
    return new EncoderLayer(
        plan,
        new TransformerBlock(parameters, products, plan),
        new TokenMerging(parameters, products, plan),
        products.mayRepeat());
  }

  TokenSequence apply(Operators ops, TokenSource tokens) {
    List<WindowGroup> groups = block.groups();
    boolean mergesApart = plan.downsample() && merging.isPossibleApart(starts(groups));
    List<Piece> pieces = new ArrayList<>();
    int first = 0;
    while (first < groups.size()) {
      int end = first + 1;
      while (end < groups.size() && groups.get(end - 1).isContinuedBy(groups.get(end))) {
        end++;
      }
      if (end - first >= FEWEST_TO_REPEAT && mayRepeat) {
        tokens = tokens.joined(ops);
        List<WindowGroup> alike = groups.subList(first, end);
        pieces.add(repeated(ops.within("windows"), tokens, alike, mergesApart));
      } else {
        for (int group = first; group < end; group++) {
          Operators scope = groups.size() == 1 ? ops : ops.within("windows_" + group);
          pieces.addAll(once(scope, tokens, groups.get(group), mergesApart));
        }
      }
      first = end;
    }
    TokenSequence result = new TokenSequence(pieces);
    if (!plan.downsample() || mergesApart) {
      return result;
    }
    Value merged = merging.merge(ops.within("merge"), result.all(ops));
    return new TokenSequence(List.of(new Piece(0, merged)));
  }

  /** Where stretches of tokens begin that come out in one piece. */
  private static List<Integer> starts(List<WindowGroup> groups) {
    return groups.stream()
        .flatMap(group -> group.parts().stream())
        .flatMap(part -> part instanceof Tokens(int from, int _) ? List.of(from).stream() : null)
        .toList();
  }

  private List<Piece> once(
      Operators ops, TokenSource tokens, WindowGroup group, boolean mergesApart) {
    Value result = block.apply(ops, Windows.fill(ops, tokens, group), group);
    List<Piece> pieces = Windows.empty(ops, result, group);
    if (!mergesApart) {
      return pieces;
    }
    Operators scope = ops.within("merge");
    return pieces.stream()
        .map(piece -> new Piece(piece.from() / 2, merging.merge(scope, piece.tokens())))
        .toList();
  }

  private Piece repeated(
      Operators ops, TokenSource tokens, List<WindowGroup> groups, boolean mergesApart) {
    WindowGroup group = groups.getFirst();
    int rows = group.rows();
    boolean mergesInside = mergesApart && rows % 2 == 0;
    Value all =
        ops.repeat(
            groups.size(),
            (inner, number) -> {
              Value passed = inner.multiply(number, inner.graph().integers("rows", rows));
              Value from =
                  group.start() == 0
                      ? passed
                      : inner.add(passed, inner.graph().integers("start", group.start()));
              Value result = block.apply(inner, tokens.rows(inner, from, rows), group);
              return mergesInside ? merging.merge(inner.within("merge"), result) : result;
            });
    if (mergesApart) {
      Value merged = mergesInside ? all : merging.merge(ops.within("merge"), all);
      return new Piece(group.start() / 2, merged);
    }
    return new Piece(group.start(), all);
  }
}
