package dev.blindsight.protocol.model;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;

/**
 * How a model's network was written as a graph: JSON under the key {@value #METADATA_KEY} in the
 * ONNX metadata. Nothing that it says changes an answer; benchmarks count with it.
 *
 * @param form of the graph
 * @param precision of its matrix products
 * @param multiplyAdds multiplications with accumulation that the graph's matrix products do for one
 *     readout, at least 1; work that the form saves is not among them
 */
public record ModelGraph(GraphForm form, Precision precision, long multiplyAdds) {
  /** The key in a model file's metadata. */
  public static final String METADATA_KEY = "blindsight.graph";

  private static final int LONGEST = 4096;
  private static final String SOURCE = "model graph";

  /**
   * @throws UserError when the number of multiplications is not positive
   */
  public ModelGraph {
    if (multiplyAdds < 1) {
      throw new UserError(
          "multiply_adds is %d: export the model again, which counts them".formatted(multiplyAdds));
    }
  }

  /** The description as JSON, with stable field order. */
  public String toJson() {
    return StrictMapper.json().write(this);
  }

  /**
   * Reads a description.
   *
   * @throws UserError one line, when the text is none
   */
  public static ModelGraph parse(String json) {
    if (json.length() > LONGEST) {
      throw new UserError(
          "%s has %d characters, more than %d: export the model again"
              .formatted(SOURCE, json.length(), LONGEST));
    }
    return StrictMapper.json().read(json, ModelGraph.class, SOURCE);
  }
}
