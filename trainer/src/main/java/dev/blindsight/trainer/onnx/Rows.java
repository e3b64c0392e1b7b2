package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Rows of activations.
 *
 * @param values [..., channels]
 * @param pending what the values have yet to go through, if anything
 */
record Rows(Value values, @Nullable ChannelMap pending) {

  /** Rows as they are. */
  static Rows of(Value values) {
    return new Rows(values, null);
  }

  /** The same rows in another arrangement. */
  Rows reshaped(Operators ops, Shape shape) {
    return new Rows(ops.reshape(values, shape), pending);
  }

  /** The values with nothing pending. */
  Value complete(Operators ops) {
    if (pending == null) {
      return values;
    }
    long channels = values.shape().size(-1);
    Value scale = ops.graph().constant("scale", Shape.fixed(channels), pending.scale());
    Value offset = ops.graph().constant("offset", Shape.fixed(channels), pending.offset());
    return ops.add(ops.multiply(values, scale), offset);
  }
}
