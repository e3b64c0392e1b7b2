package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ByteFormerNetworkTest {

  private static final int LENGTH = 40;
  private static final int BATCH = 16;
  private static final int CLASSES = 4;
  private static final StepOptions STEP = new StepOptions(3e-3, 0.05, 0.9, 1);
  private static final ByteFormerArchitecture ARCHITECTURE =
      new ByteFormerArchitecture(
          16,
          2,
          2,
          32,
          4,
          List.of(8, 8),
          List.of(0, 4),
          List.of(true, false),
          32,
          CLASSES,
          1e-5,
          AttentionMode.BATCH_INVARIANT);
  private static final Weights START = Weights.initialise(ARCHITECTURE, 5);
  private static final TrainingOptions DROPPING =
      new TrainingOptions(Precision.FLOAT32, 0.2, 0.2, 0.1, 1);

  @ParameterizedTest
  @EnumSource
  void step_manyTimesOnOneBatch_learnsIt(Precision precision) {
    try (ByteFormerNetwork network = network(new TrainingOptions(precision, 0.05, 0.05, 0, 1))) {
      double first = network.step(tokens(0), targets(), BATCH, STEP);
      double last = first;
      for (int i = 0; i < 80; i++) {
        last = network.step(tokens(0), targets(), BATCH, STEP);
      }
      assertThat(first).isGreaterThan(1);
      assertThat(last).isLessThan(0.3);
      assertThat(network.steps()).isEqualTo(81);
    }
  }

  @Test
  void step_withEqualSeeds_givesEqualWeights() {
    assertThat(trained(1, 4)).isEqualTo(trained(1, 4)).isNotEqualTo(trained(2, 4));
  }

  @Test
  void restore_ofStateOfStoppedTraining_continuesExactly() {
    Weights uninterrupted = trained(1, 6);

    Weights weights;
    Weights averaged;
    OptimiserState state;
    try (ByteFormerNetwork network = network(DROPPING)) {
      network.reseed(1);
      train(network, 0, 3);
      weights = network.weights();
      averaged = network.averaged();
      state = network.state();
    }
    try (ByteFormerNetwork resumed =
        new ByteFormerNetwork(ARCHITECTURE, LENGTH, weights, DROPPING)) {
      resumed.restore(state, averaged);
      train(resumed, 3, 6);
      assertThat(resumed.weights()).isEqualTo(uninterrupted);
      assertThat(resumed.steps()).isEqualTo(6);
    }
  }

  @Test
  void step_withClip_limitsGradientBeforeMoments() {
    double clip = 1e-3;
    try (ByteFormerNetwork network = network(TrainingOptions.PLAIN)) {
      network.step(tokens(0), targets(), BATCH, new StepOptions(1e-3, 0, 0, clip));

      assertThat(network.gradientNorm()).isGreaterThan(100 * clip);
      double squares = 0;
      for (String name : ARCHITECTURE.parameterShapes().keySet()) {
        for (float mean : network.state().means().values(name)) {
          squares += (double) mean * mean;
        }
      }
      assertThat(Math.sqrt(squares)).isCloseTo(0.1 * clip, within(1e-3 * clip));
    }
  }

  @Test
  void step_withDecay_shrinksMatricesOnly() {
    try (ByteFormerNetwork network = network(TrainingOptions.PLAIN)) {
      StepOptions onlyDecay = new StepOptions(1e-30, 0.5e30, 1, 0);
      network.step(tokens(0), targets(), BATCH, onlyDecay);

      float[] before = START.values("classifier.weight");
      float[] after = network.weights().values("classifier.weight");
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).isCloseTo(before[i] / 2, within(1e-6f));
      }
      assertThat(network.weights().values("post_transformer_norm.weight")).containsOnly(1);
      assertThat(network.averaged()).isEqualTo(START);
    }
  }

  @Test
  void step_onPaddedReadouts_leavesPaddingRowAlone() {
    try (ByteFormerNetwork network = network(DROPPING)) {
      int[] tokens = tokens(0);
      for (int sample = 0; sample < BATCH; sample += 2) {
        Arrays.fill(tokens, sample * LENGTH + 30, (sample + 1) * LENGTH, 256);
      }
      assertThat(network.step(tokens, targets(), BATCH, STEP)).isFinite();

      float[] table = network.weights().values("embeddings.weight");
      assertThat(Arrays.copyOfRange(table, 256 * 16, 257 * 16)).containsOnly(0);
      assertThat(table).isNotEqualTo(START.values("embeddings.weight"));
    }
  }

  @Test
  void logits_withDroppingOptions_dropNothing() {
    int[] tokens = tokens(0);
    try (ByteFormerNetwork dropping = network(DROPPING);
        ByteFormerNetwork plain = network(TrainingOptions.PLAIN)) {
      assertThat(dropping.logits(tokens, BATCH)).isDeepEqualTo(plain.logits(tokens, BATCH));
    }
  }

  @Test
  void logits_inBfloat16_areNearFloat32() {
    int[] tokens = tokens(0);
    try (ByteFormerNetwork rounded = network(new TrainingOptions(Precision.BFLOAT16, 0, 0, 0, 1));
        ByteFormerNetwork exact = network(TrainingOptions.PLAIN)) {
      float[][] expected = exact.logits(tokens, BATCH);
      float[][] actual = rounded.logits(tokens, BATCH);
      for (int sample = 0; sample < BATCH; sample++) {
        assertThat(actual[sample]).containsExactly(expected[sample], within(0.05f));
      }
    }
  }

  @Test
  void logits_ofPaddingBeforeValues_isRefused() {
    int[] tokens = tokens(0);
    tokens[LENGTH + 10] = 256;
    try (ByteFormerNetwork network = network(TrainingOptions.PLAIN)) {
      assertThatThrownBy(() -> network.logits(tokens, BATCH))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sample 1");
    }
  }

  @Test
  void logits_ofReadoutOfOtherLength_isRefused() {
    try (ByteFormerNetwork network = network(TrainingOptions.PLAIN)) {
      assertThatThrownBy(() -> network.logits(new byte[][] {new byte[LENGTH - 1]}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("39 values where the network takes 40");
    }
  }

  @Test
  void constructor_withTooLongInput_isRefusedInOneLine() {
    assertThatThrownBy(
            () -> new ByteFormerNetwork(ARCHITECTURE, 1000, START, TrainingOptions.PLAIN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("maximum_tokens");
  }

  private static ByteFormerNetwork network(TrainingOptions options) {
    return new ByteFormerNetwork(ARCHITECTURE, LENGTH, START, options);
  }

  private static Weights trained(long seed, int steps) {
    try (ByteFormerNetwork network = network(DROPPING)) {
      network.reseed(seed);
      train(network, 0, steps);
      return network.weights();
    }
  }

  private static void train(ByteFormerNetwork network, int from, int to) {
    for (int step = from; step < to; step++) {
      network.step(tokens(step), targets(), BATCH, STEP);
    }
  }

  private static int[] tokens(long seed) {
    return RandomArchitectures.values(BATCH * LENGTH, new SplittableRandom(seed));
  }

  private static float[] targets() {
    float[] targets = new float[BATCH * CLASSES];
    for (int sample = 0; sample < BATCH; sample++) {
      targets[sample * CLASSES + sample % CLASSES] = 1;
    }
    return targets;
  }
}
