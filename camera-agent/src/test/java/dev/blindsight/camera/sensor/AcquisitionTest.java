package dev.blindsight.camera.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcquisitionTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(16, 16, 1), 0.25, true);

  @Test
  void take_asksForTheKeptChannelsInOrder_andPermutesTheirValues() {
    List<Integer> asked = new ArrayList<>();
    try (Acquisition acquisition = acquisition();
        Readout readout =
            acquisition.take(channel -> {
              asked.add(channel);
              return channel;
            })) {
      assertThat(asked).isSorted().hasSize(64);
      for (int slot = 0; slot < readout.length(); slot++) {
        assertThat(asked.get(slot)).isEqualTo(SPEC.mask().channelAt(slot));
        assertThat(readout.valueAt(slot)).isEqualTo(SPEC.permutation().apply(asked.get(slot)));
      }
      assertThat(readout.specId()).isEqualTo(SPEC.id());
      assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.ADDRESSED);
    }
  }

  @Test
  void take_afterAFailure_countsOnlyWholeReadouts() {
    try (Acquisition acquisition = acquisition()) {
      assertThatThrownBy(() ->
              acquisition.take(channel -> {
                throw new SensorException("no answer");
              }))
          .isInstanceOf(SensorException.class);
      try (Readout first = acquisition.take(_ -> 1);
          Readout second = acquisition.take(_ -> 2)) {
        assertThat(first.sequence()).isZero();
        assertThat(second.sequence()).isOne();
      }
      assertThat(acquisition.taken()).isEqualTo(2);
    }
  }

  @Test
  void take_whileOthersAreOpen_leavesTheirValuesAlone() {
    try (Acquisition acquisition = acquisition();
        Readout first = acquisition.take(_ -> 7)) {
      for (int i = 0; i < 100; i++) {
        acquisition.take(_ -> 200).close();
      }
      assertThat(first.valueAt(0)).isEqualTo(SPEC.permutation().apply(7));
    }
  }

  @Test
  void close_withOpenReadouts_letsThemBeReadAndClosed() {
    Acquisition acquisition = acquisition();
    Readout open = acquisition.take(_ -> 9);

    acquisition.close();

    assertThat(open.valueAt(3)).isEqualTo(SPEC.permutation().apply(9));
    open.close();
    assertThatThrownBy(() -> open.valueAt(3)).isInstanceOf(IllegalStateException.class);
  }

  private static Acquisition acquisition() {
    return new Acquisition(SPEC, "hall", GuaranteeLevel.ADDRESSED);
  }
}
