package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReconnectionTest {
  @Property
  void pause_anyNumberOfFailures_liesInTheUpperHalfOfItsDoubledBase(
      @ForAll @IntRange(min = 0, max = 100_000) int failures, @ForAll long seed) {
    Duration whole =
        failures > 10
            ? Duration.ofSeconds(15)
            : Duration.ofMillis(Math.min(15_000, 250L << failures));

    Duration pause = Reconnection.standard().pause(failures, new Random(seed));

    assertThat(pause).isBetween(whole.dividedBy(2), whole);
  }
}
