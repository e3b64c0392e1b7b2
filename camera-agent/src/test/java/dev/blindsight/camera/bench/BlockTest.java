package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockTest {
  @ParameterizedTest
  @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_500_000})
  void of_twoWorkersAtOnce_countsTheRunsOfBothInTheTimeOfAll(long clock) {
    // The clock's zero is anywhere, and it may overflow while it is read.
    Shift first = new Shift(new long[] {clock, clock + 1_000_000, clock + 2_000_000});
    Shift second = new Shift(new long[] {clock + 1000, clock + 1_001_000, clock + 4_000_000});

    Block block = Block.of(List.of(second, first));

    assertThat(block.durations())
        .containsExactlyInAnyOrder(1_000_000, 1_000_000, 1_000_000, 2_999_000);
    assertThat(block.nanoseconds()).isEqualTo(4_000_000);
    assertThat(block.medianDuration()).isEqualTo(1_000_000);
    assertThat(block.runsPerSecond()).isEqualTo(1000);
  }
}
