package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the residual stream, perhaps as a sum that is not yet computed: the norm that most often
 * comes next adds for free.
 */
final class Residual {
  private final Value stream;
  private final @Nullable Value addend;
  private @Nullable Value sum;

  private Residual(Value stream, @Nullable Value addend) {
    this.stream = stream;
    this.addend = addend;
    this.sum = addend == null ? stream : null;
  }

  /** A computed stream: [batch, tokens, width] or [tokens·batch, width]. */
  static Residual of(Value stream) {
    return new Residual(stream, null);
  }

  /**
   * The sum of a stream and an addend of its shape, or of [1, tokens, width] where all samples get
   * the same.
   */
  static Residual sum(Value stream, Value addend) {
    return new Residual(stream, addend);
  }

  Value stream() {
    return stream;
  }

  @Nullable Value addend() {
    return addend;
  }

  /** Tokens of one sample. */
  int tokens() {
    return Math.toIntExact(stream.shape().elements() / stream.shape().size(-1));
  }

  /** The computed sum as [batch, tokens, width]. */
  Value tokens(Operators ops) {
    if (sum == null) {
      sum = addend == null ? stream : ops.add(stream, addend);
    }
    return ops.reshape(sum, Shape.batched(1, tokens(), stream.shape().size(-1)));
  }
}
