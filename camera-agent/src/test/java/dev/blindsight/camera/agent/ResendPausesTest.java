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

  @Property
  void after_slowReplies_isLongerThanTheyTakeAndNeverLongerThanTheSixteenfold(
      @ForAll @IntRange(min = 1, max = 5_000) int millis,
      @ForAll @IntRange(min = 1, max = 100) int sent,
      @ForAll long seed) {
    ResendPauses pauses = new ResendPauses(FIRST);
    for (int reply = 0; reply < 20; reply++) {
      pauses.replied(Duration.ofMillis(millis));
    }

    Duration pause = pauses.after(sent, new Random(seed));

    assertThat(pause).isLessThanOrEqualTo(FIRST.multipliedBy(16));
    if (millis < 8 * FIRST.toMillis()) {
      assertThat(pause).isGreaterThanOrEqualTo(Duration.ofMillis(millis));
    }
  }

  @Property
  void after_slowRepliesThatBecameQuick_isTheConfiguredOneAgain(@ForAll long seed) {
    ResendPauses pauses = new ResendPauses(FIRST);
    pauses.replied(Duration.ofSeconds(2));
    for (int reply = 0; reply < 60; reply++) {
      pauses.replied(Duration.ofMillis(5));
    }

    assertThat(pauses.after(1, new Random(seed))).isLessThanOrEqualTo(FIRST);
  }
}
