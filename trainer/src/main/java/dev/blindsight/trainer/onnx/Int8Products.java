package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.ElementType;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Products of 8-bit integers with sums of 32 bits.
 *
 * <p>Activations are bytes without sign on one scale for each module, fixed when the model is made:
 * an answer cannot depend on what else is in its batch. Weights are bytes with sign, symmetric, on
 * a scale for each output (Krishnamoorthi, "Quantizing deep convolutional networks for efficient
 * inference", 2018). They stay within ±{@value #LARGEST_WEIGHT}: x86-64 processors without VNNI add
 * two products in 16 bits, which then cannot overflow, and all processors compute the same sums.
 *
 * <p>The affine maps are quantised; scores, softmax and mixture of attention, norms, activations
 * and the residual stream stay floats.
 *
 * @param parameters of the network
 * @param scales of the activations
 */
record Int8Products(Parameters parameters, ActivationScales scales) implements MatrixProducts {
  /** 2 · 255 · 63 fits 16 bits with sign. */
  private static final int LARGEST_WEIGHT = 63;

  private static final double SIGMOID_SLOPE = 1.702;

  @Override
  public Value linear(Operators ops, String module, Rows rows) {
    ActivationScale scale = scales.of(module);
    AffineMap map = parameters.affine(module, rows.pending());
    return product(ops, module, map, quantised(ops, rows.values(), scale), scale);
  }

  /**
   * With GELU as {@code x σ(1.702 x)} (Hendrycks and Gimpel, "Gaussian error linear units", 2016,
   * section 2): it differs by up to 0.02, about a step of the bytes that follow, and takes half the
   * time when the factor is moved into the maps around it.
   */
  @Override
  public Value feedForward(Operators ops, int layer, Rows rows) {
    String expansion = ParameterNames.feedForwardExpansion(layer);
    String contraction = ParameterNames.feedForwardContraction(layer);
    ActivationScale inner = scales.of(expansion);
    AffineMap widening = parameters.affine(expansion, rows.pending()).times(SIGMOID_SLOPE);
    Value bytes = quantised(ops, rows.values(), inner);
    Value hidden = product(ops, expansion, widening, bytes, inner); // 1.702 x
    Value activated = ops.fused().sigmoidLinearUnit(hidden); // 1.702 x σ(1.702 x)
    ActivationScale outer = scales.of(contraction).times(SIGMOID_SLOPE);
    AffineMap narrowing = parameters.affine(contraction, null).ofMultiples(SIGMOID_SLOPE);
    return product(ops, contraction, narrowing, quantised(ops, activated, outer), outer);
  }

  @Override
  public Value attention(Operators ops, int layer, Rows windows, @Nullable Value scoreBias) {
    String module = ParameterNames.queryKeyValue(layer);
    ActivationScale scale = scales.of(module);
    AffineMap map = parameters.affine(module, windows.pending());
    Value bytes = quantised(ops, windows.values(), scale);
    int width = parameters.width();
    Value query = product(ops, module + "/query", map.columns(0, width), bytes, scale);
    Value key = product(ops, module + "/key", map.columns(width, 2 * width), bytes, scale);
    Value value = product(ops, module + "/value", map.columns(2 * width, 3 * width), bytes, scale);
    return ops.fused()
        .multiHeadAttention(query, key, value, parameters.architecture().heads(), scoreBias);
  }

  private static Value quantised(Operators ops, Value values, ActivationScale scale) {
    return ops.quantise(values, constant(ops, scale), zeroPoint(ops, scale));
  }

  private Value product(
      Operators ops, String name, AffineMap map, Value bytes, ActivationScale scale) {
    Quantised weights = parameters.derived(name + " as bytes", () -> Quantised.of(map));
    Value weight =
        parameters.derived(
            name + " weight",
            () ->
                ops.graph()
                    .bytes(
                        name + ".weight",
                        ElementType.INT8,
                        Shape.fixed(map.inputs(), map.outputs()),
                        weights.weight()));
    Value weightScale =
        ops.graph().constant(name + ".scale", Shape.fixed(map.outputs()), weights.scale());
    Value bias = ops.graph().constant(name + ".bias", Shape.fixed(map.outputs()), map.bias());
    return ops.fused()
        .matMulIntegerToFloat(
            bytes, weight, constant(ops, scale), weightScale, zeroPoint(ops, scale), bias);
  }

  private static Value constant(Operators ops, ActivationScale scale) {
    return ops.graph().constant("scale", Shape.fixed(), scale.scale());
  }

  private static Value zeroPoint(Operators ops, ActivationScale scale) {
    return ops.graph()
        .bytes("zero_point", ElementType.UINT8, Shape.fixed(), (byte) scale.zeroPoint());
  }

  /**
   * Weights as bytes with sign.
   *
   * @param weight row-major
   * @param scale what 1 stands for, for each output
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Quantised(byte[] weight, float[] scale) {

    static Quantised of(AffineMap map) {
      byte[] bytes = new byte[map.weight().length];
      float[] scales = new float[map.outputs()];
      for (int out = 0; out < map.outputs(); out++) {
        float largest = 0;
        for (int in = 0; in < map.inputs(); in++) {
          largest = Math.max(largest, Math.abs(map.weight()[in * map.outputs() + out]));
        }
        float scale = largest == 0 ? 1 : largest / LARGEST_WEIGHT;
        for (int in = 0; in < map.inputs(); in++) {
          int place = in * map.outputs() + out;
          bytes[place] = (byte) Math.round(map.weight()[place] / scale);
        }
        scales[out] = scale;
      }
      return new Quantised(bytes, scales);
    }
  }
}
