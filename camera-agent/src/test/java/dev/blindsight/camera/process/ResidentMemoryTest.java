package dev.blindsight.camera.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ResidentMemoryTest {
  @Test
  void parse_statusOfAProcess_convertsKibibytes() {
    ResidentMemory memory =
        ResidentMemory.parse(
            "Name:\tjava\nVmPeak:\t 4000000 kB\nVmHWM:\t  200000 kB\nVmRSS:\t  100000 kB\n");

    assertThat(memory.nowMb()).isCloseTo(102.4, within(1e-9));
    assertThat(memory.mostMb()).isCloseTo(204.8, within(1e-9));
  }

  @Test
  void parse_statusOfAKernelThread_tellsNothing() {
    assertThat(ResidentMemory.parse("Name:\tkthreadd\nThreads:\t1\n"))
        .isEqualTo(new ResidentMemory(null, null));
  }

  @Property(tries = 200)
  void parse_anyText_doesNotFail(@ForAll String text) {
    assertThatCode(() -> ResidentMemory.parse("VmRSS:" + text)).doesNotThrowAnyException();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void own_onLinux_isPositive() {
    ResidentMemory memory = ResidentMemory.own();

    assertThat(memory.nowMb()).isPositive().isLessThanOrEqualTo(memory.mostMb());
  }
}
