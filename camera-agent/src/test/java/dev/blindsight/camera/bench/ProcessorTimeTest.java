package dev.blindsight.camera.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessorTimeTest {
  @Test
  void parse_statistics_tellsWorkFromRest() {
    assertThat(
            ProcessorTime.parse(
                "cpu  100 20 30 1000 50 1 2 7 4 0\ncpu0 1 2 3\n", Duration.ofMillis(1234)))
        .contains(new ProcessorTime(160, 1210, 123));
  }

  @Test
  void othersSince_partOfTheWorkIsOnesOwn_isTheRest() {
    ProcessorTime before = new ProcessorTime(1000, 5000, 100);

    assertThat(new ProcessorTime(1150, 5200, 150).othersSince(before)).isCloseTo(0.5, within(1e-9));
    assertThat(before.othersSince(before)).isZero();
    // The two clocks do not tick together.
    assertThat(new ProcessorTime(1010, 5010, 112).othersSince(before)).isZero();
  }

  @Property(tries = 300)
  void parse_anyText_doesNotFail(@ForAll String text) {
    assertThatCode(() -> ProcessorTime.parse("cpu  " + text, Duration.ZERO))
        .doesNotThrowAnyException();
    assertThatCode(() -> ProcessorTime.parse(text, Duration.ZERO)).doesNotThrowAnyException();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void now_onLinux_isKnown() {
    assertThat(ProcessorTime.now().orElseThrow().own()).isPositive();
  }
}
