package dev.blindsight.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.trainer.recipe.OptimiserSettings;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  private static final OptimiserSettings SETTINGS = new OptimiserSettings(1e-3, 1e-5, 100, 0.05, 1);

  @Test
  void rate_overATraining_risesThenFallsToTheMinimum() {
    LearningRateSchedule schedule = new LearningRateSchedule(SETTINGS, 1100);

    assertThat(schedule.rate(0)).isCloseTo(1e-5, within(1e-12));
    assertThat(schedule.rate(49)).isCloseTo(5e-4, within(1e-12));
    assertThat(schedule.rate(99)).isCloseTo(1e-3, within(1e-12));
    assertThat(schedule.rate(100)).isCloseTo(1e-3, within(1e-12));
    assertThat(schedule.rate(599)).isCloseTo(5.05e-4, within(1e-6));
    assertThat(schedule.rate(1099)).isCloseTo(1e-5, within(1e-12));
    for (int step = 101; step < 1100; step++) {
      assertThat(schedule.rate(step)).isLessThan(schedule.rate(step - 1));
    }
  }

  @Test
  void rate_shortTraining_warmsUpForATenthOfIt() {
    LearningRateSchedule schedule = new LearningRateSchedule(SETTINGS, 50);

    assertThat(schedule.rate(4)).isCloseTo(1e-3, within(1e-12));
    assertThat(schedule.rate(49)).isCloseTo(1e-5, within(1e-12));
  }

  @Test
  void rate_singleStep_isTheLargest() {
    assertThat(new LearningRateSchedule(SETTINGS, 1).rate(0)).isCloseTo(1e-3, within(1e-12));
  }

  @Test
  void averageDecay_atTheStart_growsUntilTheAskedOne() {
    assertThat(AverageWarmUp.decay(0.999, 0)).isCloseTo(0.9, within(1e-12));
    assertThat(AverageWarmUp.decay(0.999, 90)).isCloseTo(0.99, within(1e-12));
    assertThat(AverageWarmUp.decay(0.999, 100_000)).isEqualTo(0.999);
    assertThat(AverageWarmUp.decay(0, 5)).isZero();
  }
}
