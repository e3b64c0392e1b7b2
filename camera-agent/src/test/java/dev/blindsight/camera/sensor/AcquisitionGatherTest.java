package dev.blindsight.camera.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AcquisitionGatherTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);

  private final Acquisition acquisition =
      new Acquisition(SPEC, "device", GuaranteeLevel.FRAME_IN_DRIVER);

  @Test
  void take_fromAFrame_equalsTheChannelsOneByOneAndNumbersOn() {
    byte[] frame = new byte[784];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (i * 7);
    }

    try (acquisition;
        Readout gathered = acquisition.take(MemorySegment.ofArray(frame), SPEC.mask().channels());
        Readout asked = acquisition.take(channel -> frame[channel])) {
      assertThat(gathered.toByteArray()).isEqualTo(asked.toByteArray());
      assertThat(gathered.sequence()).isZero();
      assertThat(asked.sequence()).isEqualTo(1);
      assertThat(gathered.guarantee()).isEqualTo(GuaranteeLevel.FRAME_IN_DRIVER);
    }
  }

  @Test
  void take_thatFailsInTheMiddle_isNotCounted() {
    int[] offsets = SPEC.mask().channels();
    offsets[40] = 784;
    byte[] frame = new byte[784];
    Arrays.fill(frame, (byte) 1);

    try (acquisition) {
      assertThatThrownBy(() -> acquisition.take(MemorySegment.ofArray(frame), offsets))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(acquisition.taken()).isZero();
    }
  }
}
