package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
  @ParameterizedTest
  @CsvSource({
    "0, , QUIET",
    "0.0499, 0.0499, QUIET",
    "0.05, , NOISY",
    "0.01, 0.05, NOISY",
    "0.149, 0.249, NOISY",
    "0.15, , TOO_NOISY",
    "0.01, 0.25, TOO_NOISY",
    "3, 1, TOO_NOISY"
  })
  void of_noiseAndOthers_isJudgedByTheirBounds(double noise, Double others, Trust expected) {
    assertThat(Trust.of(noise, others)).isEqualTo(expected);
  }
}
