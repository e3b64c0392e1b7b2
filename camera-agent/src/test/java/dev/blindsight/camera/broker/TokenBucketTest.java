package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TokenBucketTest {
  @Property(tries = 200)
  void take_byOneWhoWaitsAsTold_keepsTheRateAfterTheFirstSecondsWorth(
      @ForAll @IntRange(min = 1, max = 10_000) int perSecond,
      @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 2_000_000_000L) Long> idle,
      @ForAll long start) {
    TokenBucket bucket = new TokenBucket(perSecond, start);
    long now = start;
    int taken = 0;
    for (long nanos : idle) {
      now += nanos;
      Duration pause = bucket.take(now);
      taken++;
      now += pause.toNanos();
      double seconds = (now - start) / 1e9;
      assertThat((double) taken).isLessThanOrEqualTo(perSecond * (1 + seconds) + 1);
    }
  }

  @Property(tries = 100)
  void take_withinTheRate_neverWaits(@ForAll @IntRange(min = 1, max = 200) int perSecond) {
    TokenBucket bucket = new TokenBucket(perSecond, 0);
    long interval = 1_000_000_000L / perSecond + 1;
    for (int i = 0; i < 2 * perSecond; i++) {
      assertThat(bucket.take(i * interval)).isZero();
    }
  }

  @Property(tries = 100)
  void take_allAtOnce_waitsForWhatIsBeyondASecondsWorth(
      @ForAll @IntRange(min = 1, max = 200) int perSecond) {
    TokenBucket bucket = new TokenBucket(perSecond, 0);
    for (int i = 0; i < perSecond; i++) {
      assertThat(bucket.take(0)).isZero();
    }

    assertThat(bucket.take(0)).isBetween(perToken(perSecond), perToken(perSecond).plusNanos(2));
  }

  private static Duration perToken(int perSecond) {
    return Duration.ofNanos(1_000_000_000L / perSecond);
  }
}
