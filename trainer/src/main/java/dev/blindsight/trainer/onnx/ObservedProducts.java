package dev.blindsight.trainer.onnx;

import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Products of 32-bit floats that remember what was multiplied. */
final class ObservedProducts implements MatrixProducts {
  private final FloatProducts products;
  private final SequencedMap<String, List<Value>> inputs = new TreeMap<>();

  ObservedProducts(Parameters parameters) {
    this.products = new FloatProducts(parameters);
  }

  /** The rows that each module was given, by the module's name; several where it works in parts. */
  SequencedMap<String, List<Value>> inputs() {
    return inputs;
  }

  /** Only the outermost graph has outputs to show. */
  @Override
  public boolean mayRepeat() {
    return false;
  }

  @Override
  public Value linear(Operators ops, String module, Rows rows) {
    observe(module, rows);
    return products.linear(ops, module, rows);
  }

  @Override
  public Value attention(Operators ops, int layer, Rows windows, @Nullable Value scoreBias) {
    observe(ParameterNames.queryKeyValue(layer), windows);
    return products.attention(ops, layer, windows, scoreBias);
  }

  private void observe(String module, Rows rows) {
    inputs.computeIfAbsent(module, _ -> new ArrayList<>()).add(rows.values());
  }
}
