package dev.blindsight.trainer.onnx;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Precision;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
   * Writes a model and checks it against the plain-Java network first; one of 8-bit integers also
   * against the same network in floats.
   *
   * @param card travels in the file; without its accuracy in an int8 one, whose accuracy is another
   * @param weights that expect readouts as the card's spec gives them
   * @param settings of the graph
   * @param readouts to compare on, at least one, each of the card's input length
   * @param out the model file; replaced whole, or left as it was
   * @throws UserError one line, when weights and card do not fit, weights are not finite, the
   *     model's answers differ by more than {@value #TOLERANCE}, an int8 model agrees less than the
   *     settings ask for, or the file cannot be written
   */
  public static ExportReport write(
      ModelCard card, Weights weights, ExportSettings settings, List<byte[]> readouts, Path out) {
    requireUsable(card, weights);
    return write(card, weights, settings, readouts, judge(card, weights), out);
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
      ExportSettings settings,
      List<byte[]> readouts,
      Judge judge,
      Path out) {
    if (readouts.isEmpty()) {
      throw new IllegalArgumentException("no readouts to compare on");
    }
    byte[] file = ModelFile.of(card, weights, settings.form()).toByteArray();
    Agreement agreement = null;
    double difference;
    try (OnnxModel model = new OnnxModel(file)) {
      requireCard(model, card);
      difference = largestDifference(model, readouts, judge);
      // Not a number is no agreement either.
      if (!(difference <= TOLERANCE)) {
        throw new UserError(
            ("%s: not written, its logits differ by up to %.3g from the network's, more than %.0e:"
                    + " the weights are damaged or too large for 32-bit floats, get them again")
                .formatted(out, difference, TOLERANCE));
      }
      if (settings.precision() == Precision.INT8) {
        List<byte[]> calibration = everySecond(settings.calibration(), 0);
        ActivationScales scales = Calibration.scales(card, weights, calibration);
        // What was measured was measured in floats.
        ModelCard unmeasured = card.withAccuracy(List.of());
        file = ModelFile.int8(unmeasured, weights, scales).toByteArray();
        agreement = agreement(file, unmeasured, model, everySecond(settings.calibration(), 1));
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot run the model: " + e.getMessage(), e);
    }
    if (agreement != null) {
      requireAgreement(agreement, settings, out);
    }
    AtomicFile.write(out, file);
    return new ExportReport(
        file.length,
        card.architecture().parameterCount(),
        difference,
        readouts.size(),
        agreement,
        card.spec());
  }

  private static void requireCard(OnnxModel model, ModelCard card) throws OrtException {
    if (!model.card().equals(Optional.of(card))) {
      throw new IllegalStateException("the model card changed on its way through the file");
    }
  }

  private static List<byte[]> everySecond(List<byte[]> readouts, int first) {
    return IntStream.range(0, readouts.size())
        .filter(i -> i % 2 == first)
        .mapToObj(readouts::get)
        .toList();
  }

  private static Agreement agreement(
      byte[] file, ModelCard card, OnnxModel floats, List<byte[]> readouts) throws OrtException {
    double cosines = 0;
    int same = 0;
    try (OnnxModel bytes = new OnnxModel(file)) {
      requireCard(bytes, card);
      for (byte[] readout : readouts) {
        float[] expected = floats.logits(List.of(readout))[0];
        float[] logits = bytes.logits(List.of(readout))[0];
        cosines += cosine(logits, expected);
        same += likeliest(logits) == likeliest(expected) ? 1 : 0;
      }
    }
    int count = readouts.size();
    return new Agreement(cosines / count, (double) same / count, count);
  }

  private static void requireAgreement(Agreement agreement, ExportSettings settings, Path out) {
    if (!(agreement.cosine() >= settings.leastCosine())) {
      throw new UserError(
          ("%s: not written, int8 logits have a cosine of %.5f with fp32's over %d readouts, less"
                  + " than %s: calibrate on readouts of the real scene, export fp32, or lower"
                  + " --least-cosine")
              .formatted(out, agreement.cosine(), agreement.readouts(), settings.leastCosine()));
    }
    if (!(agreement.topOne() >= settings.leastTopOne())) {
      throw new UserError(
          ("%s: not written, int8 and fp32 name the same class for %.4f of %d readouts, less than"
                  + " %s: calibrate on readouts of the real scene, export fp32, or lower"
                  + " --least-agreement")
              .formatted(out, agreement.topOne(), agreement.readouts(), settings.leastTopOne()));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squareOfA = 0;
    double squareOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squareOfA += (double) a[i] * a[i];
      squareOfB += (double) b[i] * b[i];
    }
    return squareOfA == 0 && squareOfB == 0 ? 1 : product / Math.sqrt(squareOfA * squareOfB);
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
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
              "weight %d of %s is %s: the training went wrong or the file is damaged, get it again"
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
