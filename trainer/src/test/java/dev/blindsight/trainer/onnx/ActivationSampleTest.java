package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ActivationSampleTest {

  @Property
  void roundTrip_valueInRange_isOffByHalfAStepAtMost(
      @ForAll @DoubleRange(min = -100, max = 100) double low,
      @ForAll @DoubleRange(min = -100, max = 100) double high,
      @ForAll @DoubleRange(max = 1) double place) {
    double lowest = Math.min(Math.min(low, high), 0);
    double highest = Math.max(Math.max(low, high), 0);
    double value = lowest + place * (highest - lowest);
    ActivationScale scale = ActivationScale.spanning(Math.min(low, high), Math.max(low, high));

    // The zero point is rounded too, so that the ends may lie half a step outside.
    assertThat(scale.roundTrip(value)).isCloseTo(value, within(1.01 * scale.scale()));
    assertThat(scale.roundTrip(0)).isZero();
  }

  @Test
  void bestScale_evenValues_spansAllOfThem() {
    ActivationSample sample = new ActivationSample(1);
    float[] values = new float[10_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = -1 + 3f * i / (values.length - 1);
    }
    sample.add(FloatBuffer.wrap(values));

    assertThat(sample.bestScale().scale()).isCloseTo(3f / 255, within(3e-4f));
    assertThat(sample.bestScale().zeroPoint()).isBetween(84, 86);
  }

  @Test
  void bestScale_oneValueInAMillionFarOut_cutsItOff() {
    ActivationSample sample = new ActivationSample(1);
    Random random = new Random(1);
    float[] values = new float[1_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[777] = 40;
    sample.add(FloatBuffer.wrap(values));

    assertThat(sample.bestScale().scale() * 255).isLessThan(20);
  }

  @Test
  void bestScale_nothingButZeros_standsForZero() {
    ActivationSample sample = new ActivationSample(1);
    sample.add(FloatBuffer.allocate(100));

    assertThat(sample.bestScale().roundTrip(0)).isZero();
  }
}
