package dev.blindsight.camera.sensor.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxCallsTest {
  @Test
  void pipe_writtenAndClosed_isReadThenHangsUp() throws SystemCallException, IOException {
    LinuxCalls.PipeEnds pipe = LinuxCalls.pipe();
    try (Wakeup wakeup = Wakeup.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(5);
      assertThat(wakeup.await(pipe.reading(), Duration.ZERO)).isEqualTo(Readiness.TIMED_OUT);

      try (OutputStream writing = new FileOutputStream("/proc/self/fd/" + pipe.writing())) {
        writing.write(new byte[] {1, 2, 3});
      }
      assertThat(wakeup.await(pipe.reading(), Duration.ofHours(1))).isEqualTo(Readiness.READY);
      assertThat(LinuxCalls.read(pipe.reading(), target)).isEqualTo(3);
      assertThat(target.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 0, 0);

      LinuxCalls.close(pipe.writing());
      assertThat(wakeup.await(pipe.reading(), Duration.ofHours(1))).isEqualTo(Readiness.HUNG_UP);
      assertThat(LinuxCalls.read(pipe.reading(), target)).isZero();
    } finally {
      LinuxCalls.close(pipe.reading());
    }
  }

  @Test
  void setPipeSize_aPage_isWhatTheKernelKeeps() throws SystemCallException {
    LinuxCalls.PipeEnds pipe = LinuxCalls.pipe();
    try {
      assertThat(LinuxCalls.setPipeSize(pipe.reading(), 4096)).isEqualTo(4096);
    } finally {
      LinuxCalls.close(pipe.reading());
      LinuxCalls.close(pipe.writing());
    }
  }

  @Test
  void read_descriptorThatIsNone_saysSoInTheSystemsWords() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(1);

      assertThatThrownBy(() -> LinuxCalls.read(-1, target))
          .isInstanceOf(SystemCallException.class)
          .hasMessage("read: Bad file descriptor");
    }
  }

  @Test
  void errno_ofNumber_isTheKernels() {
    assertThat(Errno.of(19)).isEqualTo(Errno.ENODEV);
    assertThat(Errno.of(9)).isEqualTo(Errno.OTHER);
  }
}
