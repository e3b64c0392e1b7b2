package dev.blindsight.trainer.byteformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Networks of random shape: the TorchScript program against the plain forward pass. */
class NetworkAgainstJudgeTest {

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void logits_ofAnyArchitecture_equalJudge(@ForAll long seed, @ForAll AttentionMode mode) {
    SplittableRandom random = new SplittableRandom(seed);
    ByteFormerArchitecture architecture = RandomArchitectures.architecture(random, mode);
    Weights weights = RandomArchitectures.weights(architecture, random);
    int length = architecture.kernelSize() + random.nextInt(200);
    int real = architecture.kernelSize() + random.nextInt(length - architecture.kernelSize() + 1);
    int[] tokens = RandomArchitectures.values(length, random);
    if (random.nextBoolean()) {
      Arrays.fill(tokens, real, length, 256);
    }

    float[] expected = new ReferenceForward(architecture, weights).logits(tokens);
    try (ByteFormerNetwork network =
        new ByteFormerNetwork(architecture, length, weights, TrainingOptions.PLAIN)) {
      assertThat(network.logits(tokens, 1)[0])
          .as("%s, %d of %d values", architecture, real, length)
          .containsExactly(expected, within(1e-4f));
    }
  }
}
