package dev.blindsight.trainer.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.ModelGraph;
import dev.blindsight.protocol.model.Precision;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.onnx.graph.ElementType;
import dev.blindsight.trainer.onnx.graph.GraphBuilder;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The content of a model file: input {@value #INPUT}, unsigned bytes [batch, L]; output {@value
 * #OUTPUT}, 32-bit floats [batch, classes]; the model card in the metadata, and beside it how the
 * graph was written.
 */
final class ModelFile {
  static final String INPUT = "readout";
  static final String OUTPUT = "logits";
  private static final String NAME = "byteformer";
  private static final String PRODUCER = "blindsight";

  private ModelFile() {}

  /**
   * Writes a network in 32-bit floats.
   *
   * @throws IllegalArgumentException when the weights do not fit the card's architecture
   */
  static ModelProto of(ModelCard card, Weights weights, GraphForm form) {
    Parameters parameters = new Parameters(card.architecture(), weights);
    GraphBuilder graph = GraphBuilder.create();
    Operators ops = new Operators(graph);
    Value readout = input(graph, card);
    Value logits =
        switch (form) {
          case FAST ->
              FastGraph.write(
                  parameters, new FloatProducts(parameters), ops, readout, card.networkLength());
          case NAIVE -> NaiveGraph.write(parameters, ops, readout, card.networkLength());
        };
    return model(graph, card, logits, form, Precision.FP32);
  }

  /**
   * Writes a network in its fast form with products of 8-bit integers.
   *
   * @param scales of what each module is given
   * @throws IllegalArgumentException when the weights do not fit the card's architecture
   */
  static ModelProto int8(ModelCard card, Weights weights, ActivationScales scales) {
    Parameters parameters = new Parameters(card.architecture(), weights);
    GraphBuilder graph = GraphBuilder.create();
    Value logits =
        FastGraph.write(
            parameters,
            new Int8Products(parameters, scales),
            new Operators(graph),
            input(graph, card),
            card.networkLength());
    return model(graph, card, logits, GraphForm.FAST, Precision.INT8);
  }

  /**
   * A model that shows what its modules are given.
   *
   * @param model with one more output for each part of a module's input
   * @param outputs the names of those outputs, by the modules' names
   */
  record Observed(ModelProto model, SequencedMap<String, List<String>> outputs) {}

  /** Writes a network in its fast form with its modules' inputs as outputs. */
  static Observed observed(ModelCard card, Weights weights) {
    Parameters parameters = new Parameters(card.architecture(), weights);
    GraphBuilder graph = GraphBuilder.create();
    Operators ops = new Operators(graph);
    ObservedProducts products = new ObservedProducts(parameters);
    Value logits =
        FastGraph.write(parameters, products, ops, input(graph, card), card.networkLength());
    SequencedMap<String, List<String>> outputs = new LinkedHashMap<>();
    products.inputs().forEach((module, parts) -> outputs.put(module, declare(ops, module, parts)));
    return new Observed(model(graph, card, logits, GraphForm.FAST, Precision.FP32), outputs);
  }

  private static List<String> declare(Operators ops, String module, List<Value> parts) {
    return parts.stream()
        .map(part -> {
          Value shown = ops.within(module).identity(part);
          ops.graph().output(shown.name(), shown);
          return shown.name();
        })
        .toList();
  }

  private static Value input(GraphBuilder graph, ModelCard card) {
    return graph.input(INPUT, ElementType.UINT8, Shape.batched(1, card.inputLength()));
  }

  private static ModelProto model(
      GraphBuilder graph, ModelCard card, Value logits, GraphForm form, Precision precision) {
    graph.output(OUTPUT, logits);
    ModelGraph description = new ModelGraph(form, precision, graph.multiplyAdds());
    return graph.model(
        NAME,
        PRODUCER,
        Map.of(
            ModelCard.METADATA_KEY, card.toJson(),
            ModelGraph.METADATA_KEY, description.toJson()));
  }
}
