package dev.blindsight.camera.sensor.thermal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemperatureRangeTest {
  private static final TemperatureRange ROOM = new TemperatureRange(15, 40);
  private static final TemperatureRange SENSOR = new TemperatureRange(-40, 300);

  @Property(tries = 200)
  void valueOf_temperatureOfAValue_isThatValue(
      @ForAll @DoubleRange(min = -40, max = 100) double low,
      @ForAll @DoubleRange(min = 0.1, max = 200) double span,
      @ForAll @IntRange(max = 255) int value) {
    TemperatureRange range = new TemperatureRange(low, low + span);

    assertThat(range.valueOf(range.celsiusOf(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"14.9, 0", "-300, 0", "40.1, 255", "1e300, 255", "Infinity, 255", "NaN, 0"})
  void valueOf_outsideTheRange_isItsEnd(double celsius, int value) {
    assertThat(ROOM.valueOf(celsius)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"x:1, 15, 40", "x:1?low=-5.5, -5.5, 40", "x:1?high=99&low=2e1, 20, 99"})
  void of_options_replaceTheDefaults(String source, double low, double high) {
    assertThat(TemperatureRange.of(SensorSource.parse(source), ROOM, SENSOR))
        .isEqualTo(new TemperatureRange(low, high));
  }

  @Property(tries = 200)
  void of_anyText_isARangeWithinTheSensorsOrAUserError(
      @ForAll @StringLength(max = 12) String low, @ForAll @StringLength(max = 12) String high) {
    SensorSource source = SensorSource.parse("x:1").with("low", low).with("high", high);

    assertThatThrownBy(
            () -> {
              TemperatureRange range = TemperatureRange.of(source, ROOM, SENSOR);
              assertThat(range.low()).isBetween(-40.0, 300.0);
              assertThat(range.high()).isBetween(range.low(), 300.0);
              throw new UserError("a range");
            })
        .isInstanceOf(UserError.class);
  }

  @ParameterizedTest
  @CsvSource({
    "x:1?low=40, give a low below high",
    "x:1?low=301, option low is \"301\": give a number from -40 to 300",
    "x:1?high=0x10, option high is \"0x10\": give a number from -40 to 300"
  })
  void of_badOption_namesItAndItsRange(String source, String message) {
    assertThatThrownBy(() -> TemperatureRange.of(SensorSource.parse(source), ROOM, SENSOR))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sensor source")
        .hasMessageContaining(message);
  }
}
