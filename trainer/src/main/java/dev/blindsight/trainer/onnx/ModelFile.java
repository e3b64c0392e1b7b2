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
import java.util.Map;

/**
 * The content of a model file: input {@value #INPUT}, unsigned bytes [batch, L]; output {@value
 * #OUTPUT}, 32-bit floats [batch, classes]; the model card in the metadata.
 */
final class ModelFile {
  static final String INPUT = "readout";
  static final String OUTPUT = "logits";
  private static final String PRODUCER = "blindsight";

  private ModelFile() {}

  /**
   * Writes a network.
   *
   * @throws IllegalArgumentException when the weights do not fit the card's architecture
   */
  static ModelProto of(ModelCard card, Weights weights, GraphForm form) {
    GraphBuilder graph = GraphBuilder.create();
    Value readout = graph.input(INPUT, ElementType.UINT8, Shape.batched(1, card.inputLength()));
    Parameters parameters = new Parameters(card.architecture(), weights);
    Operators ops = new Operators(graph);
    Value logits =
        switch (form) {
          case FAST -> FastGraph.write(parameters, ops, readout, card.networkLength());
          case NAIVE -> NaiveGraph.write(parameters, ops, readout, card.networkLength());
        };
    graph.output(OUTPUT, logits);
    ModelGraph description = new ModelGraph(form, Precision.FP32, graph.multiplyAdds());
    return graph.model(
        "byteformer",
        PRODUCER,
        Map.of(
            ModelCard.METADATA_KEY, card.toJson(),
            ModelGraph.METADATA_KEY, description.toJson()));
  }
}
