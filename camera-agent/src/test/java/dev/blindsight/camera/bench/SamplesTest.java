package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplesTest {
  @Test
  void add_fewNumbers_keepsAllInOrder() {
    Samples samples = new Samples();
    for (int i = 0; i < 1000; i++) {
      samples.add(i);
    }

    assertThat(samples.count()).isEqualTo(1000);
    double[] values = samples.values();
    assertThat(values).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(values[i]).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Samples.MOST_KEPT, Samples.MOST_KEPT + 1, 5 * Samples.MOST_KEPT + 3})
  void add_manyNumbers_keepsABoundedPartSpreadEvenly(int count) {
    Samples samples = new Samples();
    for (int i = 0; i < count; i++) {
      samples.add(i);
    }

    assertThat(samples.count()).isEqualTo(count);
    double[] values = samples.values();
    assertThat(values).hasSizeBetween(Samples.MOST_KEPT / 2, Samples.MOST_KEPT);
    double stride = values[1] - values[0];
    for (int i = 1; i < values.length; i++) {
      assertThat(values[i] - values[i - 1]).isEqualTo(stride);
    }
    assertThat(samples.quantiles().median()).isCloseTo(count / 2.0, within(2 * stride));
    assertThat(samples.quantiles().at(0.99)).isCloseTo(0.99 * count, within(2 * stride));
  }
}
