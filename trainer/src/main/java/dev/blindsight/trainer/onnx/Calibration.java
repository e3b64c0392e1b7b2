package dev.blindsight.trainer.onnx;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.byteformer.Weights;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the scales of activations from readouts: the network is run in floats, what each of its
 * modules is given is sampled, and the range is taken that loses least when the sample becomes
 * bytes and floats again (see {@link ActivationSample}).
 */
final class Calibration {
  private Calibration() {}

  /**
   * @param readouts at least one, each of the card's input length
   * @throws OrtException when the network cannot be run
   */
  static ActivationScales scales(ModelCard card, Weights weights, List<byte[]> readouts)
      throws OrtException {
    ModelFile.Observed observed = ModelFile.observed(card, weights);
    Map<String, ActivationSample> samples = new HashMap<>();
    Map<String, ActivationSample> byOutput = new HashMap<>();
    observed
        .outputs()
        .forEach((module, outputs) -> {
          ActivationSample sample = new ActivationSample(readouts.size() * outputs.size());
          samples.put(module, sample);
          outputs.forEach(output -> byOutput.put(output, sample));
        });
    try (OnnxModel model = new OnnxModel(observed.model().toByteArray())) {
      for (byte[] readout : readouts) {
        model.showOutputs(readout, (name, values) -> add(byOutput, name, values));
      }
    }
    Map<String, ActivationScale> scales = new HashMap<>();
    samples.forEach((module, sample) -> scales.put(module, sample.bestScale()));
    return new ActivationScales(scales);
  }

  private static void add(
      Map<String, ActivationSample> byOutput, String output, FloatBuffer values) {
    ActivationSample sample = byOutput.get(output);
    if (sample != null) {
      sample.add(values);
    }
  }
}
