package dev.blindsight.trainer.onnx;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes trained networks as ONNX models, each only after ONNX Runtime has run it and given the
 * trained network's answers.
 */
public final class OnnxExport {
  /** The largest difference of a logit that is put down to the order of summation. */
  public static final double TOLERANCE = 1e-4;

  private static final int BATCH = 8;

  private OnnxExport() {}

  /** A trained network, asked for the logits of one readout. */
  @FunctionalInterface
  interface Judge {
    float[] logits(byte[] readout);
  }

  /**
   * Writes a model in its fast form.
   *
   * @see #write(ModelCard, Weights, GraphForm, List, Path)
   */
  public static ExportReport write(
      ModelCard card, Weights weights, List<byte[]> readouts, Path out) {
    return write(card, weights, GraphForm.FAST, readouts, out);
  }

  /**
   * Writes a model and checks it against the plain-Java network first.
   *
   * @param card travels in the file
   * @param weights that expect readouts as the card's spec gives them
   * @param form of the graph
   * @param readouts to compare on, at least one, each of the card's input length
   * @param out the model file; replaced whole, or left as it was
   * @throws UserError one line, when weights and card do not fit, weights are not finite, the
   *     model's answers differ by more than {@value #TOLERANCE}, or the file cannot be written
   */
  public static ExportReport write(
      ModelCard card, Weights weights, GraphForm form, List<byte[]> readouts, Path out) {
    requireUsable(card, weights);
    Judge judge = judge(card, weights);
    return write(card, weights, form, readouts, judge, out);
  }

  /** The plain-Java network, given readouts padded as the card says. */
  private static Judge judge(ModelCard card, Weights weights) {
    ReferenceForward network = new ReferenceForward(card.architecture(), weights);
    int padding = card.architecture().vocabulary() - 1;
    return readout -> {
      int[] tokens = new int[card.networkLength()];
      Arrays.setAll(tokens, i -> i < readout.length ? Byte.toUnsignedInt(readout[i]) : padding);
      return network.logits(tokens);
    };
  }

  static ExportReport write(
      ModelCard card,
      Weights weights,
      GraphForm form,
      List<byte[]> readouts,
      Judge judge,
      Path out) {
    if (readouts.isEmpty()) {
      throw new IllegalArgumentException("no readouts to compare on");
    }
    byte[] file = ModelFile.of(card, weights, form).toByteArray();
    double difference;
    try (OnnxModel model = new OnnxModel(file)) {
      if (!model.card().equals(Optional.of(card))) {
        throw new IllegalStateException("the model card changed on its way through the file");
      }
      difference = largestDifference(model, readouts, judge);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot run the model: " + e.getMessage(), e);
    }
    // Not a number is no agreement either.
    if (!(difference <= TOLERANCE)) {
      throw new UserError(
          ("%s: not written, its logits differ by up to %.3g from the trained network's, more than"
                  + " %.0e: the weights are damaged or too large for 32-bit floats, train again")
              .formatted(out, difference, TOLERANCE));
    }
    AtomicFile.write(out, file);
    return new ExportReport(
        file.length,
        card.architecture().parameterCount(),
        difference,
        readouts.size(),
        card.spec());
  }

  private static void requireUsable(ModelCard card, Weights weights) {
    try {
      weights.requireFit(card.architecture());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "the weights do not fit the model card (%s): export weights and card of one run"
              .formatted(e.getMessage()),
          e);
    }
    for (String name : weights.names()) {
      float[] values = weights.values(name);
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new UserError(
              "weight %d of %s is %s: the training went wrong or the file is damaged, train again"
                  .formatted(i, name, values[i]));
        }
      }
    }
  }

  /** Over all readouts and classes; the first readout goes alone, the rest in batches. */
  private static double largestDifference(OnnxModel model, List<byte[]> readouts, Judge judge)
      throws OrtException {
    double largest = 0;
    int from = 0;
    while (from < readouts.size()) {
      int to = Math.min(readouts.size(), from == 0 ? 1 : from + BATCH);
      float[][] logits = model.logits(readouts.subList(from, to));
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, difference(logits[i - from], judge.logits(readouts.get(i))));
      }
      from = to;
    }
    return largest;
  }

  private static double difference(float[] logits, float[] expected) {
    double largest = logits.length == expected.length ? 0 : Double.NaN;
    for (int i = 0; i < Math.min(logits.length, expected.length); i++) {
      largest = Math.max(largest, Math.abs((double) logits[i] - expected[i]));
    }
    return largest;
  }
}
