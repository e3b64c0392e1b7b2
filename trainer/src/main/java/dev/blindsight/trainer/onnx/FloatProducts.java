package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Products of 32-bit floats.
 *
 * @param parameters of the network
 */
record FloatProducts(Parameters parameters) implements MatrixProducts {

  @Override
  public Value linear(Operators ops, String module, Rows rows) {
    Value x = rows.values();
    AffineMap map = parameters.affine(module, rows.pending());
    // Gemm, which adds the bias on the way, takes two axes.
    long count = x.shape().elements() / map.inputs();
    Value flat = ops.reshape(x, Shape.batched(count, map.inputs()));
    Value weight = weight(ops, module, map);
    boolean isBiased = rows.pending() != null || parameters.hasBias(module);
    Value product =
        isBiased ? ops.linear(flat, weight, bias(ops, module, map)) : ops.matMul(flat, weight);
    return product;
  }

  @Override
  public Value attention(Operators ops, int layer, Rows windows, @Nullable Value scoreBias) {
    String module = ParameterNames.queryKeyValue(layer);
    AffineMap map = parameters.affine(module, windows.pending());
    return ops.fused()
        .attention(
            windows.values(),
            weight(ops, module, map),
            bias(ops, module, map),
            parameters.architecture().heads(),
            scoreBias);
  }

  private Value weight(Operators ops, String module, AffineMap map) {
    return parameters.derived(
        ParameterNames.weight(module),
        () ->
            ops.graph()
                .constant(
                    ParameterNames.weight(module),
                    Shape.fixed(map.inputs(), map.outputs()),
                    map.weight()));
  }

  private Value bias(Operators ops, String module, AffineMap map) {
    return parameters.derived(
        ParameterNames.bias(module),
        () ->
            ops.graph()
                .constant(ParameterNames.bias(module), Shape.fixed(map.outputs()), map.bias()));
  }
}
