package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;

/**
 * What CoreNet 1aa3acd's LayerNorm does to a sequence that is as long as the network is wide: it
 * takes tokens for channels. Each channel is normalised over the tokens of its sequence, epsilon is
 * added to the standard deviation, and weight and bias are those of the token's place.
 *
 * @param parameters of the network; its width is the length of the sequences
 * @param module whose weight and bias are meant
 */
record TokenAxisNorm(Parameters parameters, String module) implements Norm {

  @Override
  public Rows apply(Operators ops, Value tokens) {
    int length = parameters.width();
    // [sequences·batch, length, width]
    Value x =
        ops.reshape(
            tokens,
            Shape.batched(
                tokens.shape().elements() / length / parameters.width(),
                length,
                parameters.width()));
    Value centred = ops.subtract(x, ops.meanOfAxis1(x));
    Value variance = ops.meanOfAxis1(ops.multiply(centred, centred));
    float epsilon = (float) parameters.architecture().layerNormEpsilon();
    Value deviation =
        ops.add(ops.squareRoot(variance), ops.graph().constant("epsilon", Shape.fixed(1), epsilon));
    Value scaled =
        ops.multiply(ops.divide(centred, deviation), perToken(ops, ParameterNames.weight(module)));
    Value result = ops.add(scaled, perToken(ops, ParameterNames.bias(module)));
    return Rows.of(result);
  }

  /** A parameter with one entry for each place in the sequence: [length, 1]. */
  private Value perToken(Operators ops, String name) {
    float[] values = parameters.values(name);
    return ops.graph().constant(name + "/token", Shape.fixed(values.length, 1), values);
  }
}
