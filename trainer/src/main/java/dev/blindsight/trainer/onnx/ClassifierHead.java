package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
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
    Value all = tokens.all(ops);
    Rows normalised = norm.apply(ops, all).reshaped(ops, all.shape());
    // The mean of mapped channels is the mapped mean.
    Rows pooled = new Rows(ops.pool(normalised.values()), normalised.pending());
    return new FloatProducts(parameters).linear(ops, ParameterNames.CLASSIFIER, pooled);
  }
}
