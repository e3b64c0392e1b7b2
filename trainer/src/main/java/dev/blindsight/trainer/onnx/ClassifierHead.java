package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;

/**
 * A norm, the mean over all tokens, and an affine map to one logit for each class.
 *
 * @param parameters of the network
 */
record ClassifierHead(Parameters parameters) {

  /** [batch, classes] */
  Value apply(Operators ops, TokenSource tokens) {
    Norm norm = Norm.of(parameters, ParameterNames.FINAL_NORM, tokens.tokens());
    Value normalised = norm.apply(ops, tokens.all(ops)).values();
    Shape shape = Shape.batched(1, tokens.tokens(), parameters.width());
    Value pooled = ops.pool(ops.reshape(normalised, shape));
    return parameters.linear(ops, ParameterNames.CLASSIFIER, pooled);
  }
}
