package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.TokenSequence.Piece;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Halves a sequence: neighbouring tokens are joined to one vector, which a matrix makes a token
 * again; a norm follows. A token without a neighbour gets a zero vector.
 *
 * @param parameters of the network
 * @param plan of the layer after which tokens are merged
 */
record TokenMerging(Parameters parameters, LayerPlan plan) {

  TokenSequence apply(Operators ops, TokenSequence tokens) {
    Norm norm = Norm.of(parameters, ParameterNames.mergeNorm(plan.index()), plan.tokensAfter());
    boolean pairsCrossPieces = tokens.pieces().stream().anyMatch(piece -> piece.from() % 2 == 1);
    if (pairsCrossPieces || norm instanceof TokenAxisNorm) {
      return new TokenSequence(List.of(new Piece(0, merge(ops, tokens.all(ops), norm))));
    }
    List<Piece> merged = new ArrayList<>();
    for (Piece piece : tokens.pieces()) {
      merged.add(new Piece(piece.from() / 2, merge(ops, piece.rows(), norm)));
    }
    return new TokenSequence(merged);
  }

  private Residual merge(Operators ops, Residual rows, Norm norm) {
    int width = parameters.width();
    Value tokens = rows.tokens(ops); // [batch, tokens, width]
    Value even = rows.tokens() % 2 == 0 ? tokens : ops.pad(tokens, 0, 1);
    int count = Math.ceilDiv(rows.tokens(), 2);
    Value pairs = ops.reshape(even, Shape.batched(count, 2L * width));
    Value reduced = ops.matMul(pairs, reduction(ops)); // [count·batch, width]
    Value normalised = norm.apply(ops, Residual.of(reduced)).values();
    return Residual.of(ops.reshape(normalised, Shape.batched(1, count, width)));
  }

  /**
   * The matrix [2 width, width] for pairs that lie one after the other. CoreNet 1aa3acd interleaves
   * the two tokens' channels instead and keeps the matrix for that order.
   */
  private Value reduction(Operators ops) {
    String name = ParameterNames.weight(ParameterNames.merge(plan.index()));
    return parameters.once(
        name,
        () -> {
          int width = parameters.width();
          float[] interleaved = parameters.values(name);
          float[] result = new float[interleaved.length];
          for (int out = 0; out < width; out++) {
            for (int channel = 0; channel < width; channel++) {
              for (int token = 0; token < 2; token++) {
                result[(token * width + channel) * width + out] =
                    interleaved[(out * width + channel) * 2 + token];
              }
            }
          }
          return ops.graph().constant(name, Shape.fixed(2L * width, width), result);
        });
  }
}
