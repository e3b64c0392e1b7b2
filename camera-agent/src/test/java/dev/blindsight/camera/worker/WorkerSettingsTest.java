package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.seal.Freshness;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerSettingsTest {
  private static final String LEAST =
      "\"broker\": \"mqtt://127.0.0.1\", \"models\": [\"bundled\"], \"devices\": \"grants\"";

  @Test
  void settings_leastThatIsNeeded_haveTheirDefaults() {
    WorkerSettings settings = read("{%s}".formatted(LEAST));

    assertThat(settings.nameOrDefault()).isEqualTo("worker");
    assertThat(settings.threadsOrDefault()).isPositive();
    assertThat(settings.acceptsPlain()).isFalse();
    assertThat(settings.freshness()).isEqualTo(Freshness.STANDARD);
    assertThat(settings.batchOrDefault().largestOrDefault()).isEqualTo(16);
    assertThat(settings.batchOrDefault().delayMicrosOrDefault()).isZero();
  }

  @Test
  void settings_everythingSaid_isTaken() {
    WorkerSettings settings =
        read(
            """
            {%s, "accept_plain": true, "freshness_seconds": 30,
             "batch": {"largest": 8, "delay_micros": 500}}
            """
                .formatted(LEAST));

    assertThat(settings.devices()).isEqualTo("grants");
    assertThat(settings.acceptsPlain()).isTrue();
    assertThat(settings.freshness()).isEqualTo(new Freshness(Duration.ofSeconds(30)));
    assertThat(settings.batchOrDefault().largestOrDefault()).isEqualTo(8);
    assertThat(settings.batchOrDefault().delayMicrosOrDefault()).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"freshness_seconds\": 0 | freshness_seconds is 0: give 1 to 86400",
        "\"freshness_seconds\": 86401 | freshness_seconds is 86401: give 1 to 86400",
        "\"batch\": {\"largest\": 0} | largest is 0: give 1 to 256",
        "\"batch\": {\"largest\": 257} | largest is 257: give 1 to 256",
        "\"batch\": {\"delay_micros\": -1} | delay_micros is -1: give 0 to 100000",
        "\"batch\": {\"delay_micros\": 100001} | delay_micros is 100001: give 0 to 100000",
      })
  void settings_outOfRange_nameTheKeyAndTheRange(String mistaken, String expected) {
    assertThatThrownBy(() -> read("{%s, %s}".formatted(LEAST, mistaken)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(expected);
  }

  @Test
  void settings_nobodyToAnswer_areRefused() {
    assertThatThrownBy(() -> read("{\"broker\": \"mqtt://127.0.0.1\", \"models\": [\"bundled\"]}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("devices is missing")
        .hasMessageContaining("accept_plain: true");
  }

  private static WorkerSettings read(String json) {
    return StrictMapper.json().read(json, WorkerSettings.class, "worker");
  }
}
