package dev.blindsight.camera.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensorSourceTest {
  @ParameterizedTest
  @CsvSource({
    "simulated:a/b, simulated, a/b",
    "a/b, '', a/b",
    "rtsp://10.0.0.1:554/x, rtsp, //10.0.0.1:554/x",
    "simulated:/x?loop=true&start=2, simulated, /x"
  })
  void parse_wellFormed_splitsAndRendersBack(String text, String scheme, String location) {
    SensorSource source = SensorSource.parse(text);

    assertThat(source.scheme()).isEqualTo(scheme);
    assertThat(source.location()).isEqualTo(location);
    assertThat(source).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?loop=true", "simulated:", "a?loop", "a?=1", "a?x=1&x=2", "a?x=1&"})
  void parse_malformed_isAUserErrorOfOneLine(String text) {
    assertThatThrownBy(() -> SensorSource.parse(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("sensor source \"" + text + "\"");
  }

  @Test
  void open_unknownScheme_namesTheNearest() {
    assertThatThrownBy(() -> open("simulatd:x"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "sensor source \"simulatd:x\": unknown sensor simulatd: did you mean simulated?");
  }

  @Test
  void open_pathThatNoSensorReads_saysSo() {
    assertThatThrownBy(() -> open("/nowhere/at-all.xyz"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no sensor reads this: check the path");
  }

  private static ReadoutSensor open(String source) {
    return ReadoutSensors.open(
        SensorSource.parse(source),
        ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true),
        "device");
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://me:word@camera/x?a=b, rtsp://camera/x?a=b",
    "rtsp://me:w/o@rd@camera/x, rtsp://camera/x",
    "http://camera/x?user=me&password=word&b=c, http://camera/x?user=me&password=...&b=c"
  })
  void withoutSecrets_credentials_areLeftOut(String text, String shown) {
    assertThat(SensorSource.parse(text).withoutSecrets()).isEqualTo(shown);
  }

  @Test
  void parse_malformedWithCredentials_doesNotRepeatThem() {
    assertThatThrownBy(() -> SensorSource.parse("rtsp://me:word@camera/x?loop"))
        .isInstanceOf(UserError.class)
        .hasMessageNotContaining("word")
        .hasMessageStartingWith("sensor source \"rtsp://camera/x?loop\"");
  }
}
