package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FailurePausesTest {
  @Property
  void failed_inARow_doublesToHalfAMinute(
      @ForAll @IntRange(min = 1, max = 100) int failures, @ForAll long seed) {
    FailurePauses pauses = new FailurePauses(new Random(seed));
    Duration pause = Duration.ZERO;
    for (int i = 0; i < failures; i++) {
      pause = pauses.failed();
    }

    Duration whole = Duration.ofSeconds(failures > 5 ? 30 : 1L << (failures - 1));
    assertThat(pause).isBetween(whole.dividedBy(2), whole);
  }

  @Property
  void failed_afterASuccess_beginsAnew(@ForAll long seed) {
    FailurePauses pauses = new FailurePauses(new Random(seed));
    pauses.failed();
    pauses.failed();
    pauses.succeeded();

    assertThat(pauses.failed()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
