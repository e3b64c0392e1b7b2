package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In batch-invariant attention a readout's logits depend on the readout alone. */
class BatchInvarianceTest {

  private static final ByteFormerArchitecture ARCHITECTURE =
      new ByteFormerArchitecture(
          32,
          4,
          2,
          64,
          4,
          List.of(16, 16, 16, 16),
          List.of(0, 8, 0, 8),
          List.of(true, false, true, false),
          1024,
          10,
          1e-5,
          AttentionMode.BATCH_INVARIANT);

  private final SplittableRandom random = new SplittableRandom(7);
  private final Weights weights = RandomArchitectures.weights(ARCHITECTURE, random);

  @ParameterizedTest
  @ValueSource(ints = {4, 21, 78, 307})
  void logits_ofPaddedReadout_equalUnpadded(int length) {
    int[] tokens = RandomArchitectures.values(length, random);
    int[] padded = Arrays.copyOf(tokens, length + 1000);
    Arrays.fill(padded, length, padded.length, 256);

    assertThat(logits(padded, 1)[0]).containsExactly(logits(tokens, 1)[0], within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(ints = {78, 307})
  void logits_ofBatch_equalSingleRuns(int length) {
    int batch = 9;
    int[] tokens = RandomArchitectures.values(batch * length, random);
    float[][] together = logits(tokens, batch);

    for (int sample = 0; sample < batch; sample++) {
      int[] alone = Arrays.copyOfRange(tokens, sample * length, (sample + 1) * length);
      assertThat(together[sample]).containsExactly(logits(alone, 1)[0], within(1e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {78, 307})
  void logits_ofBatchOfDifferentLengths_equalSingleRuns(int length) {
    int batch = 6;
    int[] tokens = RandomArchitectures.values(batch * length, random);
    int[] lengths = {length, 4, length - 1, length / 2, 6, length - 30};
    for (int sample = 0; sample < batch; sample++) {
      Arrays.fill(tokens, sample * length + lengths[sample], (sample + 1) * length, 256);
    }
    float[][] together = logits(tokens, batch);

    for (int sample = 0; sample < batch; sample++) {
      int start = sample * length;
      int[] alone = Arrays.copyOfRange(tokens, start, start + lengths[sample]);
      assertThat(together[sample]).containsExactly(logits(alone, 1)[0], within(1e-5f));
    }
  }

  private float[][] logits(int[] tokens, int batch) {
    try (ByteFormerNetwork network =
        new ByteFormerNetwork(
            ARCHITECTURE, tokens.length / batch, weights, TrainingOptions.PLAIN)) {
      return network.logits(tokens, batch);
    }
  }
}
