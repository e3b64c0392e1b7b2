package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Six optimiser steps against CoreNet's own loss, AdamW, schedule and moving average. */
class CoreNetTrainingParityTest {

  private static final ReferenceModel MODEL = ReferenceModel.load("small_k4_w16_h2");
  private static final Path FOLDER = ReferenceModel.folder("training_small_k4_w16_h2");
  private static final JsonNode TRAINING = ReferenceModel.json(FOLDER.resolve("training.json"));
  private static final int LENGTH = TRAINING.get("pad_to").asInt();
  private static final int KEPT_STRIDE = 8;

  private static ByteFormerNetwork network;
  private static final List<Double> LOSSES = new ArrayList<>();

  @BeforeAll
  static void train() {
    network =
        new ByteFormerNetwork(
            MODEL.architecture(),
            LENGTH,
            MODEL.weights(),
            new TrainingOptions(
                Precision.FLOAT32, 0, 0, TRAINING.get("label_smoothing").asDouble(), 1));
    double decay = TRAINING.get("optimiser").get("weight_decay").asDouble();
    double momentum = TRAINING.get("ema_momentum").asDouble();
    for (JsonNode step : TRAINING.get("trajectory")) {
      StepOptions options = new StepOptions(step.get("lr").asDouble(), decay, 1 - momentum, 0);
      LOSSES.add(network.step(batch(), targets(), samples(), options));
    }
  }

  @AfterAll
  static void close() {
    network.close();
  }

  @Test
  void step_sixTimes_givesCoreNetLosses() {
    for (int step = 0; step < LOSSES.size(); step++) {
      double expected = TRAINING.get("trajectory").get(step).get("loss_before_step").asDouble();
      assertThat(LOSSES.get(step)).as("step %d", step).isCloseTo(expected, within(5e-6));
    }
  }

  @Test
  void weights_afterSixSteps_equalCoreNet() {
    assertEqualWhereComparable(network.weights(), "weights_after_6_steps.every_8th.f32.bin");
  }

  @Test
  void averaged_afterSixSteps_equalsCoreNet() {
    assertEqualWhereComparable(network.averaged(), "ema_after_6_steps.every_8th.f32.bin");
  }

  @Test
  void logits_afterSixSteps_equalCoreNet() {
    float[][] logits = network.logits(batch(), samples());
    for (int sample = 0; sample < samples(); sample++) {
      float[] expected = ReferenceModel.floats(TRAINING.get("final_logits_fp32").get(sample));
      assertThat(logits[sample]).containsExactly(expected, within(1e-4f));
    }
  }

  /**
   * The third of each query-key-value bias that belongs to the keys has a gradient of exactly zero,
   * as softmax does not notice it; AdamW turns rounding noise there into whole steps.
   */
  private static void assertEqualWhereComparable(Weights weights, String file) {
    float[] expected = ReferenceModel.floats(FOLDER.resolve(file));
    int next = 0;
    for (String name : weights.names()) {
      float[] values = weights.values(name);
      for (int i = 0; i < values.length; i += KEPT_STRIDE) {
        boolean keyBias =
            name.endsWith("qkv_proj.bias") && i >= values.length / 3 && i < values.length / 3 * 2;
        if (!keyBias) {
          assertThat(values[i]).as("%s[%d]", name, i).isCloseTo(expected[next], within(1e-5f));
        }
        next++;
      }
    }
    assertThat(next).isEqualTo(expected.length);
  }

  private static int samples() {
    return TRAINING.get("labels").size();
  }

  private static int[] batch() {
    int[] batch = new int[samples() * LENGTH];
    for (int sample = 0; sample < samples(); sample++) {
      Path file = FOLDER.resolve("sample_" + sample + ".u8.bin");
      System.arraycopy(ReferenceModel.tokens(file, LENGTH), 0, batch, sample * LENGTH, LENGTH);
    }
    return batch;
  }

  private static float[] targets() {
    int classes = MODEL.architecture().classes();
    float[] targets = new float[samples() * classes];
    for (int sample = 0; sample < samples(); sample++) {
      targets[sample * classes + TRAINING.get("labels").get(sample).asInt()] = 1;
    }
    return targets;
  }
}
