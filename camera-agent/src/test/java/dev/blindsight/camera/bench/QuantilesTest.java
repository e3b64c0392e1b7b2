package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void at_knownNumbers_isWhatDefinitionSevenGives() {
    Quantiles quantiles = Quantiles.of(new double[] {40, 10, 30, 20});

    assertThat(quantiles.at(0)).isEqualTo(10);
    assertThat(quantiles.at(0.25)).isEqualTo(17.5);
    assertThat(quantiles.median()).isEqualTo(25);
    assertThat(quantiles.at(0.99)).isCloseTo(39.7, within(1e-9));
    assertThat(quantiles.at(1)).isEqualTo(40);
    assertThat(quantiles.relativeSpread()).isCloseTo(15 / 25.0, within(1e-12));
  }

  @Test
  void of_nothing_isRefused() {
    assertThatThrownBy(() -> Quantiles.of(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 200)
  void at_largerFraction_isNoSmallerAndStaysInside(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e6, max = 1e6) Double> values,
      @ForAll @DoubleRange(min = 0, max = 1) double one,
      @ForAll @DoubleRange(min = 0, max = 1) double other) {
    Quantiles quantiles = Quantiles.of(array(values));

    double smaller = quantiles.at(Math.min(one, other));
    double larger = quantiles.at(Math.max(one, other));

    assertThat(smaller)
        .isGreaterThanOrEqualTo(
            values.stream().mapToDouble(Double::doubleValue).min().orElseThrow())
        .isLessThanOrEqualTo(larger);
    assertThat(larger)
        .isLessThanOrEqualTo(values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }

  @Property(tries = 200)
  void median_anyNumbers_halvesThem(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    double median = Quantiles.of(array(values)).median();

    assertThat(
            values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> value < median)
                .count())
        .isLessThanOrEqualTo(values.size() / 2);
    assertThat(
            values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> value > median)
                .count())
        .isLessThanOrEqualTo(values.size() / 2);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
