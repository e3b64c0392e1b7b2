package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
  private static final DeviceAddress HALL = new DeviceAddress("home", "hall");
  private static final DeviceAddress YARD = new DeviceAddress("home", "yard");

  private Instant now = Instant.EPOCH;
  private final RefusalPace pace = new RefusalPace(() -> now);

  @Test
  void admits_eachDevice_onceInTenSeconds() {
    assertThat(pace.admits(HALL)).isTrue();
    assertThat(pace.admits(HALL)).isFalse();
    assertThat(pace.admits(YARD)).isTrue();

    now = now.plus(Duration.ofMillis(9_999));
    assertThat(pace.admits(HALL)).isFalse();
    now = now.plus(Duration.ofMillis(1));
    assertThat(pace.admits(HALL)).isTrue();
    assertThat(pace.admits(HALL)).isFalse();
  }

  @Test
  void admits_aFloodOfNames_endsAndRecovers() {
    for (int i = 0; i < 1024; i++) {
      assertThat(pace.admits(new DeviceAddress("flood", "d" + i))).isTrue();
    }
    assertThat(pace.admits(HALL)).isFalse();

    now = now.plus(Duration.ofSeconds(10));
    assertThat(pace.admits(HALL)).isTrue();
  }
}
