package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
  @ParameterizedTest
  @CsvSource({
    "0, QUIET",
    "0.0499, QUIET",
    "0.05, NOISY",
    "0.149, NOISY",
    "0.15, TOO_NOISY",
    "3, TOO_NOISY"
  })
  void of_noise_isJudgedByItsBounds(double noise, Trust expected) {
    assertThat(Trust.of(noise)).isEqualTo(expected);
  }
}
