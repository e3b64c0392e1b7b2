package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.Precision;
import java.util.List;

/**
 * How a network is written as a model file.
 *
 * @param form of the graph
 * @param precision of its matrix products; {@code INT8} only in the fast form
 * @param calibration readouts from which an int8 model's scales are found and on which, each second
 *     one held back from that, it is compared; at least two for int8, else none needed
 * @param leastCosine an int8 model with a smaller {@link Agreement#cosine()} is refused, -1..1
 * @param leastTopOne one with a smaller {@link Agreement#topOne()} is refused, 0..1
 */
public record ExportSettings(
    GraphForm form,
    Precision precision,
    List<byte[]> calibration,
    double leastCosine,
    double leastTopOne) {
  /** What int8 models reach with room to spare. */
  public static final double LEAST_COSINE = 0.95;

  /** What trained networks reach; random weights, whose logits lie close together, may not. */
  public static final double LEAST_TOP_ONE = 0.9;

  /**
   * @throws UserError when the fields do not go together or are out of range
   */
  public ExportSettings {
    calibration = List.copyOf(calibration);
    if (precision == Precision.INT8 && form != GraphForm.FAST) {
      throw new UserError(
          "--precision int8 with --graph naive: the naive graph is fp32; leave one of them out");
    }
    if (precision == Precision.INT8 && calibration.size() < 2) {
      throw new UserError(
          "%d calibration readouts: give at least 2, better some hundred"
              .formatted(calibration.size()));
    }
    if (!(leastCosine >= -1 && leastCosine <= 1)) {
      throw new UserError("--least-cosine is %s: give -1 to 1".formatted(leastCosine));
    }
    if (!(leastTopOne >= 0 && leastTopOne <= 1)) {
      throw new UserError("--least-agreement is %s: give 0 to 1".formatted(leastTopOne));
    }
  }

  /** Products of 32-bit floats. */
  public static ExportSettings fp32(GraphForm form) {
    return new ExportSettings(form, Precision.FP32, List.of(), LEAST_COSINE, LEAST_TOP_ONE);
  }

  /** Products of 8-bit integers, refused where they are not as near as usual. */
  public static ExportSettings int8(List<byte[]> calibration) {
    return new ExportSettings(
        GraphForm.FAST, Precision.INT8, calibration, LEAST_COSINE, LEAST_TOP_ONE);
  }
}
