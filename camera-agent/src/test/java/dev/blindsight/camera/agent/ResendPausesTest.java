package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ResendPausesTest {
  private static final Duration FIRST = Duration.ofMillis(100);

  @Property
  void after_anyNumberOfTransmissions_isInTheUpperHalfOfTheDoubledPause(
      @ForAll @IntRange(min = 1, max = 1_000_000) int sent, @ForAll long seed) {
    Duration pause = new ResendPauses(FIRST).after(sent, new Random(seed));

    Duration whole = FIRST.multipliedBy(sent > 4 ? 16 : 1L << (sent - 1));
    assertThat(pause).isBetween(whole.dividedBy(2), whole);
  }
}
