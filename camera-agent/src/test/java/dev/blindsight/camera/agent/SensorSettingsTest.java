package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.firmware.profile.SensorProfile;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorSettingsTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);

  @ParameterizedTest
  @EnumSource(GuaranteeLevel.class)
  void open_anAddressedSensor_satisfiesEveryMinimum(GuaranteeLevel minimum) {
    SensorProfile profile = new SensorProfile("simulated:fashion-mnist-400", null, minimum);

    SensorOpening.open(profile, null, SPEC, "hall").close();
  }

  @Test
  void gate_empty_hasTheDocumentedDefaults() {
    GateSettings settings = GateSettings.STANDARD;

    assertThat(settings.changedOrDefault()).isEqualTo(0.02);
    assertThat(settings.differenceOrDefault()).isEqualTo(12);
    assertThat(settings.shortestPause()).isZero();
    assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void events_empty_hasTheDocumentedDefaults() {
    EventSettings settings = new EventSettings(null, null, null, null);

    assertThat(settings.enterOrDefault()).isEqualTo(0.7);
    assertThat(settings.leaveOrDefault()).isEqualTo(0.4);
    assertThat(settings.dwell()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.covers("anything")).isTrue();
    assertThat(new EventSettings(0.3, null, null, null).leaveOrDefault()).isEqualTo(0.3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.001, Double.NaN})
  void changed_outOfRange_isRefusedByName(double changed) {
    assertThatThrownBy(() -> new GateSettings(changed, null, null, null))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("changed is");
  }

  @Test
  void gate_valuesOutOfRange_areRefusedByName() {
    assertThatThrownBy(() -> new GateSettings(null, 255, null, null))
        .hasMessageContaining("difference is 255");
    assertThatThrownBy(() -> new GateSettings(null, null, 0.0, null))
        .hasMessageContaining("most_per_second is 0.0");
    assertThatThrownBy(() -> new GateSettings(null, null, null, 0))
        .hasMessageContaining("heartbeat_seconds is 0");
  }

  @Test
  void events_valuesOutOfRange_areRefusedByName() {
    assertThatThrownBy(() -> new EventSettings(0.5, 0.6, null, null))
        .hasMessageContaining("leave is 0.6, enter 0.5");
    assertThatThrownBy(() -> new EventSettings(1.1, null, null, null))
        .hasMessageContaining("enter is 1.1");
    assertThatThrownBy(() -> new EventSettings(null, null, -1, null))
        .hasMessageContaining("dwell_millis is -1");
    assertThatThrownBy(() -> new EventSettings(null, null, null, List.of()))
        .hasMessageContaining("labels are 0");
  }
}
