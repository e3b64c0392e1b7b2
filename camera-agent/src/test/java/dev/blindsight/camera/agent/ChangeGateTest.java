package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChangeGateTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(20, 20, 1), 0.25, true);
  private static final GateSettings TENTH = new GateSettings(0.1, 10, null, 60);

  private long now = Duration.ofHours(1).toNanos();

  @Property
  void passes_anyNumberOfChangedChannels_fromTheThresholdOn(
      @ForAll @IntRange(max = 100) int changed, @ForAll @IntRange(min = 11, max = 150) int by) {
    try (ChangeGate gate = gate(TENTH)) {
      assertThat(passes(gate, _ -> 100)).isTrue();

      boolean passed = passes(gate, slot -> slot < changed ? 100 + by : 100);

      assertThat(passed).isEqualTo(changed >= 10);
    }
  }

  @Property
  void passes_noiseOfTheAllowedDifference_isHeldBack(@ForAll @IntRange(max = 10) int noise) {
    try (ChangeGate gate = gate(TENTH)) {
      passes(gate, _ -> 100);

      assertThat(passes(gate, slot -> slot % 2 == 0 ? 100 + noise : 100 - noise)).isFalse();
    }
  }

  @Test
  void passes_slowDrift_onceItHasAddedUp() {
    try (ChangeGate gate = gate(TENTH)) {
      passes(gate, _ -> 100);

      int first = 0;
      for (int drift = 1; first == 0; drift++) {
        int light = 100 + drift;
        first = passes(gate, _ -> light) ? drift : 0;
      }

      assertThat(first).isEqualTo(11);
    }
  }

  @Test
  void passes_unchangedForAHeartbeat_passes() {
    try (ChangeGate gate = gate(TENTH)) {
      passes(gate, _ -> 100);

      now += Duration.ofSeconds(59).toNanos();
      assertThat(passes(gate, _ -> 100)).isFalse();
      now += Duration.ofSeconds(1).toNanos();
      assertThat(passes(gate, _ -> 100)).isTrue();
      assertThat(passes(gate, _ -> 100)).isFalse();
    }
  }

  @Test
  void passes_changesFasterThanTheRate_waitAndAreNotForgotten() {
    try (ChangeGate gate = gate(new GateSettings(0.1, 10, 2.0, null))) {
      passes(gate, _ -> 0);

      now += Duration.ofMillis(400).toNanos();
      assertThat(passes(gate, _ -> 200)).isFalse();
      now += Duration.ofMillis(100).toNanos();
      assertThat(passes(gate, _ -> 200)).isTrue();
    }
  }

  private ChangeGate gate(GateSettings settings) {
    return new ChangeGate(settings, SPEC, () -> now);
  }

  private static boolean passes(ChangeGate gate, IntUnaryOperator clear) {
    byte[] values = new byte[SPEC.length()];
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = (byte) SPEC.permutation().apply(clear.applyAsInt(slot));
    }
    try (Readout readout =
        new Readout("hall", 0, Instant.EPOCH, SPEC.id(), GuaranteeLevel.ADDRESSED, values)) {
      return gate.passes(readout);
    }
  }
}
