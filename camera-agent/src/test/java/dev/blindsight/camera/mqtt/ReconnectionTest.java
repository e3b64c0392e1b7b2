package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReconnectionTest {
  private static final int CLIENTS = 1000;
  private static final Duration WINDOW = Duration.ofMillis(100);

  @Property
  void pause_anyNumberOfFailures_isBelowItsDoubledBound(
      @ForAll @IntRange(min = 0, max = 100_000) int failures, @ForAll long seed) {
    Duration bound = Duration.ofSeconds(failures > 10 ? 30 : Math.min(30, 4L << failures));

    Duration pause = Reconnection.standard().pause(failures, new Random(seed));

    assertThat(pause).isBetween(Duration.ZERO, bound);
  }

  @Property
  void longestPause_any_liesInTheUpperHalf(@ForAll long seed) {
    Duration pause = Reconnection.standard().longestPause(new Random(seed));

    assertThat(pause).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  /**
   * Of 1,000 clients that lose the broker at once, about 25 come back in each tenth of a second; 60
   * are seven standard deviations away.
   */
  @Property(tries = 100)
  void pause_aThousandClientsAtOnce_comeBackAsASteadyStream(
      @ForAll @IntRange(min = 0, max = 5) int failures, @ForAll long seed) {
    RandomGenerator random = new Random(seed);
    int[] windows = new int[301];
    Stream.generate(() -> Reconnection.standard().pause(failures, random))
        .limit(CLIENTS)
        .forEach(pause -> windows[Math.toIntExact(pause.dividedBy(WINDOW))]++);

    assertThat(Arrays.stream(windows).max().orElseThrow()).isLessThan(60);
  }
}
