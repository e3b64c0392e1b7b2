package dev.blindsight.protocol.readout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReadoutTest {
  private static final SpecId SPEC = new SpecId("0123456789abcdef".repeat(4));

  @Test
  void close_openReadout_overwritesTheOwnedValues() {
    byte[] values = {1, 2, (byte) 200};
    Readout readout = readout(values);
    assertThat(readout.valueAt(2)).isEqualTo(200);

    readout.close();

    assertThat(values).containsOnly(0);
    assertThatThrownBy(() -> readout.valueAt(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(readout::toByteArray).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> readout.copyTo(ByteBuffer.allocate(3)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void copyTo_openReadout_copiesAllValues() {
    ByteBuffer target = ByteBuffer.allocate(4);

    readout(new byte[] {7, 8, 9}).copyTo(target);

    assertThat(target.array()).containsExactly(7, 8, 9, 0);
  }

  @Test
  void toString_anyReadout_showsNoValue() {
    assertThat(readout(new byte[] {77, 88}).toString())
        .isEqualTo("Readout[hall #5, 2 bytes, spec 0123456789ab, ADDRESSED]");
  }

  @Test
  void specId_notLowerCaseHex_isRefused() {
    for (String text : new String[] {"", "0123", "0123456789ABCDEF".repeat(4), "g".repeat(64)}) {
      assertThatThrownBy(() -> new SpecId(text)).isInstanceOf(UserError.class);
    }
  }

  @Test
  void satisfies_levels_strongerIsEnoughForWeaker() {
    assertThat(GuaranteeLevel.ADDRESSED.satisfies(GuaranteeLevel.FRAME_IN_DRIVER)).isTrue();
    assertThat(GuaranteeLevel.DISCARDED.satisfies(GuaranteeLevel.DISCARDED)).isTrue();
    assertThat(GuaranteeLevel.FRAME_IN_DRIVER.satisfies(GuaranteeLevel.DISCARDED)).isFalse();
  }

  private static Readout readout(byte[] values) {
    return new Readout("hall", 5, Instant.EPOCH, SPEC, GuaranteeLevel.ADDRESSED, values);
  }
}
