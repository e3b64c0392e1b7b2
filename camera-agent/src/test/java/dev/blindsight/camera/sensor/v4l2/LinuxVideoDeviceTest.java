package dev.blindsight.camera.sensor.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.linux.Readiness;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real calls, on files that every Linux has, and on a camera where there is one. */
@EnabledOnOs(OS.LINUX)
class LinuxVideoDeviceTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);

  @TempDir Path directory;

  @Test
  void open_missingFile_isNoEntInTheSystemsWords() {
    assertThatThrownBy(() -> LinuxVideoDevice.open("/dev/no-such-camera"))
        .isInstanceOfSatisfying(
            SystemCallException.class,
            failure -> {
              assertThat(failure.error()).isEqualTo(Errno.ENOENT);
              assertThat(failure.reason()).isEqualTo("No such file or directory");
            });
  }

  @Test
  void control_fileThatIsNoCamera_isNoTty() throws SystemCallException {
    try (VideoDevice device = LinuxVideoDevice.open("/dev/null");
        Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(Videodev2.V4L2_CAPABILITY);

      assertThatThrownBy(() -> device.control(VideoRequest.VIDIOC_QUERYCAP, argument))
          .isInstanceOfSatisfying(
              SystemCallException.class,
              failure -> assertThat(failure.error()).isEqualTo(Errno.ENOTTY))
          .hasMessage("VIDIOC_QUERYCAP: Inappropriate ioctl for device");
    }
  }

  @Test
  void map_file_isItsMemoryUntilTheArenaCloses() throws SystemCallException, IOException {
    Path file = Files.write(directory.resolve("two-pages"), new byte[8192]);
    MemorySegment memory;
    try (VideoDevice device = LinuxVideoDevice.open(file.toString());
        Arena arena = Arena.ofShared()) {
      VideoDevice.Mapped mapped = device.map(4096, 4096, arena);
      memory = mapped.memory();
      memory.set(ValueLayout.JAVA_BYTE, 17, (byte) 42);

      assertThat(memory.byteSize()).isEqualTo(4096);
      assertThat(mapped.protection().undumped()).isTrue();
      assertThat(Files.readAllBytes(file)[4096 + 17]).isEqualTo((byte) 42);
    }

    assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 17))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void map_beyondWhatCanBeMapped_isRefused() throws SystemCallException {
    try (VideoDevice device = LinuxVideoDevice.open("/dev/null");
        Arena arena = Arena.ofShared()) {
      assertThatThrownBy(() -> device.map(4096, 0, arena))
          .isInstanceOf(SystemCallException.class)
          .hasMessage("mmap: No such device");
    }
  }

  @Test
  void await_wakenBefore_returnsAtOnceEachTime() throws SystemCallException {
    // A terminal's master has nothing to read while nobody writes.
    try (VideoDevice device = LinuxVideoDevice.open("/dev/ptmx")) {
      assertThat(device.await(Duration.ofMillis(1))).isEqualTo(Readiness.TIMED_OUT);
      device.wake();

      assertThat(device.await(Duration.ofHours(1))).isEqualTo(Readiness.WOKEN);
      assertThat(device.await(Duration.ofHours(1))).isEqualTo(Readiness.WOKEN);
    }
  }

  @Test
  void wake_afterClose_doesNothing() throws SystemCallException {
    VideoDevice device = LinuxVideoDevice.open("/dev/null");
    device.close();

    device.wake();
  }

  @Test
  void provider_missingCamera_saysHowToFindOne() {
    assertThatThrownBy(() -> open("v4l2:/dev/no-such-camera"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "/dev/no-such-camera: No such file or directory (open): no such camera: plug it in, or"
                + " see \"sensor list\" for those there");
  }

  @Test
  void provider_fileThatIsNoCamera_saysSo() {
    assertThatThrownBy(() -> open("v4l2:/dev/null"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "/dev/null: Inappropriate ioctl for device (VIDIOC_QUERYCAP): is no video device: give"
                + " one, as /dev/video0");
  }

  @Test
  void provider_cameraOfThisMachine_isReadOrRefusedWithAReason() {
    List<String> present = new V4l2SensorProvider().present();
    // Runs only where there is a camera; elsewhere it is reported as skipped.
    assumeThat(present).isNotEmpty();

    for (String path : present) {
      try (var sensor = open("v4l2:" + path)) {
        assertThat(sensor.read()).isPresent();
      } catch (UserError e) {
        assertThat(e.getMessage()).startsWith(path);
      }
    }
  }

  private static ReadoutSensor open(String source) {
    return new V4l2SensorProvider().open(SensorSource.parse(source), SPEC, "device");
  }
}
