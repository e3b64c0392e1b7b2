package dev.blindsight.camera.sensor.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class CsiSensorTest {
  private static final Scene SCENE = Scene.moving();
  private static final ReadoutSpec GREY =
      ReadoutSpec.corenet(new SensorGeometry(64, 28, 1), 0.1, true);

  @TempDir Path directory;

  private Set<Long> before = Set.of();

  @BeforeEach
  void rememberWhatRuns() {
    before = running();
  }

  @AfterEach
  void noProgramIsLeft() {
    assertThat(before).containsAll(running());
  }

  private static Set<Long> running() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private ReadoutSensor open(ReadoutSpec spec, String options) throws IOException {
    return open(SimulatedCameraProgram.script(directory), spec, options);
  }

  private static ReadoutSensor open(Path program, ReadoutSpec spec, String options) {
    return ReadoutSensors.open(
        SensorSource.parse("csi:0?program=%s&%s".formatted(program, options)), spec, "device");
  }

  private static boolean equals(
      Readout readout, ReadoutSpec spec, int frameWidth, int frameHeight, long exposure) {
    SensorGeometry geometry = spec.geometry();
    for (int slot = 0; slot < readout.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int pixel = channel / geometry.channels();
      int pixelRow = pixel / geometry.width();
      int row = (int) ((pixelRow + 0.5) * frameHeight / geometry.height());
      int column = (int) ((pixel % geometry.width() + 0.5) * frameWidth / geometry.width());
      int value = spec.permutation().inverse().apply(readout.valueAt(slot));
      if (geometry.channels() == 1
          ? value != SCENE.valueAt(exposure, row, column, 0)
          : Math.abs(value - colour(exposure, row, column, channel % 3)) > 1) {
        return false;
      }
    }
    return true;
  }

  /** JFIF 1.02, in floating point. */
  private static double colour(long exposure, int row, int column, int colour) {
    double y = SCENE.valueAt(exposure, row, column, 0);
    double u = SCENE.valueAt(exposure, row & ~1, column & ~1, 1) - 128;
    double v = SCENE.valueAt(exposure, row & ~1, column & ~1, 2) - 128;
    double value =
        switch (colour) {
          case 0 -> y + 1.402 * v;
          case 1 -> y - 0.344136 * u - 0.714136 * v;
          default -> y + 1.772 * u;
        };
    return Math.clamp(value, 0, 255);
  }

  @ParameterizedTest
  @CsvSource({
    // width, height, channels, options, frame width, frame height
    "64, 28, 1, size=64x28, 64, 28",
    "13, 9, 1, size=128x30, 128, 30",
    "28, 28, 1, rate=0.1, 128, 128",
    "70, 31, 1, size=64x20, 64, 20",
    "64, 20, 3, size=64x20, 64, 20",
    "17, 11, 3, size=64x20, 64, 20",
    "90, 33, 3, size=64x20, 64, 20",
  })
  void read_anySpec_givesExactlyTheKeptChannelsOfEachFrame(
      int width, int height, int channels, String options, int frameWidth, int frameHeight)
      throws IOException {
    SensorGeometry geometry = new SensorGeometry(width, height, channels);
    byte[] secret = new byte[DeviceSecret.BYTES];
    Random random = new Random(width);
    random.nextBytes(secret);
    ReadoutSpec spec;
    try (DeviceSecret key = DeviceSecret.of(secret)) {
      spec = ReadoutSpec.keyed(geometry, Math.max(random.nextDouble(), 0.02), key);
    }

    // So slow a rate that no frame is taken for an old one.
    try (ReadoutSensor sensor =
        open(spec, options.startsWith("rate") ? options : options + "&rate=0.1")) {
      for (int exposure = 0; exposure < 4; exposure++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isEqualTo(exposure);
          assertThat(equals(readout, spec, frameWidth, frameHeight, exposure)).isTrue();
        }
      }
      assertThat(sensor.traffic().exposures()).isEqualTo(4);
      assertThat(sensor.traffic().channels()).isEqualTo(4L * spec.length());
      assertThat(sensor.traffic().busBytes()).isEqualTo(4L * frameWidth * frameHeight * 3 / 2);
      assertThat(sensor.traffic().faults()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void read_onlyTheLastChannel_comesFromTheLastLine(int channels) throws IOException {
    SensorGeometry geometry = new SensorGeometry(64, 20, channels);
    ReadoutSpec every = ReadoutSpec.corenet(geometry, 1.0, false);
    ReadoutSpec one = ReadoutSpec.corenet(geometry, 1.0 / geometry.elements(), false);

    try (ReadoutSensor sensor = open(one, "size=64x20&rate=0.1");
        Readout first = sensor.read().orElseThrow();
        ReadoutSensor whole = open(every, "size=64x20&rate=0.1");
        Readout all = whole.read().orElseThrow()) {
      assertThat(one.length()).isEqualTo(1);
      assertThat(first.valueAt(0)).isEqualTo(all.valueAt(one.mask().channelAt(0)));
      assertThat(all.length()).isEqualTo(geometry.elements());
    }
  }

  @Test
  void open_camera_statesLevelPaceAndGeometry() throws IOException {
    try (ReadoutSensor sensor = open(GREY, "size=64x28&rate=12&shutter=5000")) {
      assertThat(sensor.guarantee()).isEqualTo(GuaranteeLevel.DISCARDED);
      assertThat(sensor.geometry()).isEqualTo(GREY.geometry());
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(12, 12));
    }
  }

  @Test
  void read_framesThatWaited_passByAndAreCounted() throws IOException {
    // So fast a rate that starting the program has taken many frames' time.
    try (CsiSensor sensor = (CsiSensor) open(GREY, "size=64x28&rate=1000");
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(sensor.passedOver()).isBetween(1L, 7L);
      assertThat(equals(readout, GREY, 64, 28, sensor.passedOver())).isTrue();
      assertThat(sensor.traffic().busBytes())
          .isEqualTo((sensor.passedOver() + 1) * 64 * 28 * 3 / 2);
      assertThat(sensor.traffic().exposures()).isEqualTo(1);
    }
  }

  @Test
  void read_programEndsWithinAFrame_saysSoAndStartsItAgain() throws IOException {
    try (ReadoutSensor sensor =
        open(GREY, "size=64x28&rate=0.1&arguments=--frames 1 --part 2000")) {
      sensor.read().orElseThrow().close();

      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .message()
          .startsWith("csi:0?")
          .contains(
              ": the camera program ended with exit code 0 (it said: Halting): check the cable")
          .hasLineCount(1);
      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.sequence()).isEqualTo(1);
        assertThat(equals(readout, GREY, 64, 28, 0)).isTrue();
      }
      assertThat(sensor.traffic().faults()).isEqualTo(1);
      assertThat(sensor.traffic().busBytes()).isEqualTo(2L * 64 * 28 * 3 / 2 + 2000);
    }
  }

  @Test
  void read_programStopsWriting_failsAfterTheTimeout() throws IOException {
    try (ReadoutSensor sensor =
        open(GREY, "size=64x28&rate=0.1&timeout=1000&arguments=--frames 0 --part 100 --stall")) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("no whole frame within 1000 ms: check the cable");
      assertThat(sensor.traffic().faults()).isEqualTo(1);
    }
  }

  @Test
  void close_whileReading_endsTheWaitAndTheProgram() throws Exception {
    ReadoutSensor sensor =
        open(GREY, "size=64x28&rate=0.1&timeout=60000&arguments=--frames 1 --stall");
    sensor.read().orElseThrow().close();
    CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);

    sensor.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(sensor.read()).isEmpty();
    sensor.close();
  }

  @Test
  void close_programThatIgnoresTheSignal_endsItForcibly() throws IOException {
    Path program =
        SimulatedCameraProgram.script(
            directory, "trap '' TERM", "head -c 2000 /dev/zero", "exec tail -f /dev/null");

    open(program, GREY, "size=64x28").close();

    assertThat(before).containsAll(running());
  }

  @Test
  void open_programSaysNothingUsable_showsTheLastLine() throws IOException {
    Path program =
        SimulatedCameraProgram.script(
            directory,
            "echo '[0:01] INFO Camera' >&2",
            "echo 'ERROR: *** failed to acquire camera ***' >&2",
            "echo >&2",
            "exit 255");

    assertRefused(
        program,
        "size=64x28",
        "the camera program ended with exit code 255 (it said: ERROR: *** failed to acquire camera"
            + " ***): check the cable, and that no other program uses the camera");
  }

  @Test
  void open_noSuchCamera_showsWhatTheProgramSays() throws IOException {
    Path program = SimulatedCameraProgram.script(directory);

    assertThatThrownBy(() ->
            ReadoutSensors.open(SensorSource.parse("csi:1?program=" + program), GREY, "device"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it said: ERROR: *** no cameras available ***");
  }

  @Test
  void open_silentProgram_failsAfterTheTimeout() throws IOException {
    Path program = SimulatedCameraProgram.script(directory, "exec tail -f /dev/null");

    assertRefused(program, "timeout=100", "no whole frame within 100 ms: check the cable");
  }

  @Test
  void open_programNotInstalled_saysWhatToInstall() {
    assertRefused(
        directory.resolve("none"),
        "size=64x28",
        "install rpicam-apps, or give option program=path");
  }

  private static void assertRefused(Path program, String options, String message) {
    assertThatThrownBy(() -> open(program, GREY, options))
        .isInstanceOf(UserError.class)
        .message()
        .contains(message)
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size=640",
        "size=100x48",
        "size=64x47",
        "size=64x0",
        "size=99968x64",
        "rate=0",
        "rate=1001",
        "shutter=0",
        "shutter=x",
        "timeout=99",
        "timeout=60001"
      })
  void open_optionOutOfRange_namesIt(String option) {
    String name = option.substring(0, option.indexOf('='));
    String value = option.substring(option.indexOf('=') + 1);

    assertThatThrownBy(
            () -> ReadoutSensors.open(SensorSource.parse("csi:0?" + option), GREY, "device"))
        .isInstanceOf(UserError.class)
        .message()
        .startsWith(
            "sensor source \"csi:0?%s\": option %s is \"%s\": give ".formatted(option, name, value))
        .hasLineCount(1);
  }

  @Test
  void open_locationThatIsNoNumber_saysWhatToWrite() {
    assertThatThrownBy(
            () -> ReadoutSensors.open(SensorSource.parse("csi:/dev/video0"), GREY, "device"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "sensor source \"csi:/dev/video0\": /dev/video0 is no camera number: give one, as"
                + " csi:0");
  }

  @Test
  void open_twoChannels_saysWhatItGives() {
    ReadoutSpec two = ReadoutSpec.corenet(new SensorGeometry(64, 28, 2), 0.1, true);

    assertThatThrownBy(() -> ReadoutSensors.open(SensorSource.parse("csi:0"), two, "device"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("gives luma (1 channel) or RGB (3 channels), the spec has 2");
  }
}
