package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.FusedOperators.SkipNormalised;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;

/**
 * Layer normalisation of every token over its channels, with the sum before it in the same
 * operator.
 *
 * <p>Where there is nothing to add a zero is added: since version 1.28 ONNX Runtime's plain
 * LayerNormalization takes six times as long.
 *
 * @param parameters of the network
 * @param module whose weight and bias are meant
 */
record FusedNorm(Parameters parameters, String module) implements Norm {

  @Override
  public Normalised apply(Operators ops, Residual residual) {
    Value stream = residual.stream();
    Value addend = residual.addend();
    if (addend != null) {
      SkipNormalised result = normalise(ops, stream, addend);
      return new Normalised(result.normalised(), result.sum());
    }
    // One zero row serves any number of tokens when each is a sequence of its own.
    int width = parameters.width();
    Value zero = ops.graph().constant("zero", Shape.fixed(1, 1, width), new float[width]);
    Value single = ops.reshape(stream, Shape.batched(residual.tokens(), 1, width));
    return new Normalised(normalise(ops, single, zero).normalised(), stream);
  }

  private SkipNormalised normalise(Operators ops, Value stream, Value addend) {
    return ops.fused()
        .skipLayerNormalization(
            stream,
            addend,
            parameters.constant(ops, ParameterNames.weight(module)),
            parameters.constant(ops, ParameterNames.bias(module)),
            parameters.architecture().layerNormEpsilon());
  }
}
