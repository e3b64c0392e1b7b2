package dev.blindsight.camera.sensor.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.v4l2.SimulatedVideoDevice.Condition;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class V4l2SensorTest {
  private static final int MJPG = 0x47504A4D;
  private static final int H264 = 0x34363248;
  private static final Scene SCENE = Scene.moving();
  private static final ReadoutSpec GREY =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);
  private static final ReadoutSpec COLOURS =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 3), 0.1, true);

  private final SimulatedVideoDevice camera = new SimulatedVideoDevice(SCENE);

  @TempDir Path directory;

  @AfterEach
  void cameraHasNothingToComplainOf() {
    assertThat(camera.violations()).isEmpty();
    assertThat(camera.openNow()).isZero();
    assertThat(camera.mapped()).isZero();
  }

  /** A readout tells which exposure it is of: the one whose scene it equals. */
  private static long exposureOf(
      Readout readout, ReadoutSpec spec, Expected expected, long exposures) {
    for (long exposure = exposures - 1; exposure >= 0; exposure--) {
      if (equals(readout, spec, expected, exposure)) {
        return exposure;
      }
    }
    throw new AssertionError("the readout is of no exposure of the scene");
  }

  @FunctionalInterface
  private interface Expected {
    int valueAt(long exposure, int row, int column, int channel);
  }

  private static boolean equals(
      Readout readout, ReadoutSpec spec, Expected expected, long exposure) {
    SensorGeometry geometry = spec.geometry();
    for (int slot = 0; slot < readout.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int pixel = channel / geometry.channels();
      int value =
          expected.valueAt(
              exposure,
              pixel / geometry.width(),
              pixel % geometry.width(),
              channel % geometry.channels());
      if (readout.valueAt(slot) != spec.permutation().apply(value)) {
        return false;
      }
    }
    return true;
  }

  /** The same by another way: the equations of BT.601 in floating point, to the nearest. */
  private static int colour(long exposure, int row, int column, int colour) {
    double y = 255.0 / 219 * (SCENE.valueAt(exposure, row, column, 0) - 16);
    double u = 255.0 / 112 * (SCENE.valueAt(exposure, row, column & ~1, 1) - 128);
    double v = 255.0 / 112 * (SCENE.valueAt(exposure, row, column & ~1, 2) - 128);
    double value =
        switch (colour) {
          case 0 -> y + 0.701 * v;
          case 1 -> y - 0.886 * 0.114 / 0.587 * u - 0.701 * 0.299 / 0.587 * v;
          default -> y + 0.886 * u;
        };
    return Math.clamp(Math.round(value), 0, 255);
  }

  @Property(tries = 40)
  void read_anySpecAndSizeAndFaults_givesExactlyTheKeptChannelsOfOneExposure(
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 30) int height,
      @ForAll @IntRange(min = 1, max = 20) int halfCameraWidth,
      @ForAll @IntRange(min = 2, max = 30) int cameraHeight,
      @ForAll boolean yuyv,
      @ForAll long seed) {
    Random random = new Random(seed);
    SensorGeometry geometry = new SensorGeometry(width, height, 1);
    ReadoutSpec spec = spec(geometry, random);
    SimulatedVideoDevice device = new SimulatedVideoDevice(SCENE);
    int cameraWidth = 2 * halfCameraWidth;
    String source =
        "v4l2:0?size=%dx%d&format=%s&timeout=60000"
            .formatted(cameraWidth, cameraHeight, yuyv ? "yuyv" : "grey");
    Expected nearest =
        (exposure, row, column, channel) ->
            SCENE.valueAt(
                exposure,
                (int) ((row + 0.5) * cameraHeight / height),
                (int) ((column + 0.5) * cameraWidth / width),
                channel);

    try (V4l2Sensor sensor = (V4l2Sensor) device.open(source, spec, "device")) {
      int taken = 0;
      for (int i = 0; i < 6; i++) {
        disturb(device, random);
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isEqualTo(taken++);
          assertThat(equals(readout, spec, nearest, device.exposures() - 1)).isTrue();
        } catch (SensorException e) {
          assertThat(e).message().startsWith("/dev/video0: ").hasLineCount(1);
          device.plugIn();
        }
      }
      assertThat(sensor.traffic().exposures()).isEqualTo(taken);
      assertThat(sensor.traffic().channels())
          .isEqualTo((taken + sensor.passedOver()) * geometry.elements());
    }

    assertThat(device.violations()).isEmpty();
    assertThat(device.mapped()).isZero();
    assertThat(device.openNow()).isZero();
  }

  private static ReadoutSpec spec(SensorGeometry geometry, Random random) {
    byte[] secret = new byte[DeviceSecret.BYTES];
    random.nextBytes(secret);
    double keep = Math.max(random.nextDouble(), 1.0 / geometry.elements());
    try (DeviceSecret key = DeviceSecret.of(secret)) {
      return ReadoutSpec.keyed(geometry, random.nextInt(4) == 0 ? 1.0 : keep, key);
    }
  }

  private static void disturb(SimulatedVideoDevice device, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> device.next(Condition.DAMAGED);
      case 1 -> device.next(Condition.SHORT, Condition.DAMAGED);
      case 2 -> device.next(Condition.SHORT, Condition.SHORT, Condition.DAMAGED);
      case 3 -> device.expose(random.nextInt(7));
      case 4 -> device.fail(VideoRequest.VIDIOC_DQBUF, Errno.EIO);
      case 5 -> device.fail(VideoRequest.VIDIOC_QBUF, Errno.EIO);
      case 6 -> device.unplug();
      default -> {
        // All is well.
      }
    }
  }

  @Test
  void read_colours_areThoseOfBt601WithinOne() {
    SensorGeometry geometry = new SensorGeometry(28, 28, 3);
    ReadoutSpec all = ReadoutSpec.corenet(geometry, 1.0, false);

    try (ReadoutSensor sensor = camera.open("/dev/video0", all, "device");
        Readout readout = sensor.read().orElseThrow()) {
      long exposure = camera.exposures() - 1;
      for (int channel = 0; channel < all.length(); channel++) {
        int pixel = channel / 3;
        assertThat(readout.valueAt(channel))
            .isBetween(
                colour(exposure, pixel / 28, pixel % 28, channel % 3) - 1,
                colour(exposure, pixel / 28, pixel % 28, channel % 3) + 1);
      }
    }
  }

  @Test
  void read_keptColours_areThoseOfTheWholeMask() {
    ReadoutSpec all = ReadoutSpec.corenet(COLOURS.geometry(), 1.0, false);
    camera.stopClock();
    SimulatedVideoDevice twin = new SimulatedVideoDevice(SCENE);
    twin.stopClock();

    try (ReadoutSensor some = camera.open("v4l2:0", COLOURS, "device");
        ReadoutSensor every = twin.open("v4l2:0", all, "device")) {
      camera.expose(1);
      twin.expose(1);
      try (Readout kept = some.read().orElseThrow();
          Readout whole = every.read().orElseThrow()) {
        for (int slot = 0; slot < kept.length(); slot++) {
          assertThat(kept.valueAt(slot))
              .isEqualTo(
                  COLOURS.permutation().apply(whole.valueAt(COLOURS.mask().channelAt(slot))));
        }
      }
    }
  }

  @Test
  void read_severalFramesWaiting_takesTheNewestAndCountsTheOthers() {
    camera.stopClock();
    try (V4l2Sensor sensor = (V4l2Sensor) camera.open("v4l2:0", GREY, "device")) {
      camera.expose(3);
      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(exposureOf(readout, GREY, SCENE::valueAt, camera.exposures())).isEqualTo(2);
      }
      assertThat(sensor.passedOver()).isEqualTo(2);
      assertThat(sensor.traffic().exposures()).isEqualTo(1);
      assertThat(sensor.traffic().channels()).isEqualTo(3 * 28 * 28);
      assertThat(sensor.traffic().busBytes()).isEqualTo(3L * camera.frameBytes());
    }
  }

  @Test
  void read_allBuffersFull_waitsForAFrameThatIsNotStale() {
    try (V4l2Sensor sensor = (V4l2Sensor) camera.open("v4l2:0", GREY, "device")) {
      // Six more than there are buffers: what the newest buffer holds is six frames old.
      camera.expose(BufferRing.WANTED + 6);
      assertThat(camera.lost()).isEqualTo(6);
      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(exposureOf(readout, GREY, SCENE::valueAt, camera.exposures()))
            .isEqualTo(BufferRing.WANTED + 6);
      }
      assertThat(sensor.passedOver()).isEqualTo(BufferRing.WANTED);
    }
  }

  @Test
  void open_camera_statesLevelPaceAndGeometry() {
    try (ReadoutSensor sensor = camera.open("v4l2:0?rate=12.7", GREY, "device")) {
      assertThat(sensor.guarantee()).isEqualTo(GuaranteeLevel.FRAME_IN_DRIVER);
      assertThat(sensor.geometry()).isEqualTo(GREY.geometry());
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(12, 12));
    }
  }

  @Test
  void open_cameraWithoutRates_hasAPaceThatFitsAny() {
    camera.withoutRates();

    try (ReadoutSensor sensor = camera.open("v4l2:0?rate=10", GREY, "device")) {
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(1, 60));
    }
  }

  @Test
  void read_nearestModeDiffers_isScaled() {
    camera.limit(160, 160, 160);

    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device");
        Readout readout = sensor.read().orElseThrow()) {
      Expected nearest =
          (exposure, row, column, channel) ->
              SCENE.valueAt(
                  exposure,
                  (int) ((row + 0.5) * 160 / 28),
                  (int) ((column + 0.5) * 160 / 28),
                  channel);
      assertThat(exposureOf(readout, GREY, nearest, camera.exposures())).isNotNegative();
    }
  }

  @Test
  void read_damagedThenWhole_triesAgainAndCounts() {
    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      camera.next(Condition.DAMAGED, Condition.SHORT);

      sensor.read().orElseThrow().close();

      assertThat(sensor.traffic().faults()).isEqualTo(2);
    }
  }

  @Test
  void read_onlyDamaged_failsThenSetsTheCameraUpAgain() {
    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      camera.next(Condition.DAMAGED, Condition.DAMAGED, Condition.SHORT);

      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageStartingWith("/dev/video0: 3 damaged frames in a row: use another cable");
      sensor.read().orElseThrow().close();

      assertThat(camera.timesOpened()).isEqualTo(2);
    }
  }

  @Test
  void read_unpluggedAndPluggedInAgain_saysSoAndGoesOn() {
    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      sensor.read().orElseThrow().close();
      camera.unplug();

      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageEndingWith("the camera has been unplugged: plug it in again");
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("no such camera: plug it in");
      camera.plugIn();
      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.sequence()).isEqualTo(1);
      }
      assertThat(sensor.traffic().faults()).isEqualTo(2);
    }
  }

  @Test
  void read_sizeChangesWhilePluggedOut_isScaledFromTheNewSize() {
    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      camera.unplug();
      assertThatThrownBy(sensor::read).isInstanceOf(SensorException.class);
      camera.limit(56, 56, 56);
      camera.plugIn();

      try (Readout readout = sensor.read().orElseThrow()) {
        Expected nearest =
            (exposure, row, column, channel) ->
                SCENE.valueAt(exposure, 2 * row + 1, 2 * column + 1, channel);
        assertThat(exposureOf(readout, GREY, nearest, camera.exposures())).isNotNegative();
      }
    }
  }

  @Test
  void read_nothingComes_failsAfterTheTimeout() {
    camera.stopClock();
    try (ReadoutSensor sensor = camera.open("v4l2:0?timeout=100", GREY, "device")) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("no frame within 100 ms");
      assertThat(sensor.traffic().faults()).isEqualTo(1);
    }
  }

  @Test
  void read_bufferIsRefusedAfterwards_givesTheExposureAndSetsTheCameraUpAgain() {
    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      camera.fail(VideoRequest.VIDIOC_QBUF, Errno.ENODEV);

      sensor.read().orElseThrow().close();
      sensor.read().orElseThrow().close();

      assertThat(camera.timesOpened()).isEqualTo(2);
      assertThat(sensor.traffic().faults()).isEqualTo(1);
    }
  }

  @Test
  void close_whileReading_endsTheWait() throws Exception {
    camera.stopClock();
    ReadoutSensor sensor = camera.open("v4l2:0?timeout=60000", GREY, "device");
    CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
    camera.awaitWaiting();

    sensor.close();

    assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(sensor.read()).isEmpty();
    sensor.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VIDIOC_S_FMT    | EBUSY  | another program uses the camera: end that program",
        "VIDIOC_STREAMON | ENOSPC | the USB bus has no bandwidth left",
        "VIDIOC_REQBUFS  | ENOMEM | the kernel has no memory for the camera's buffers",
        "VIDIOC_QUERYBUF | EINVAL | the camera refuses: try another size, format or rate",
        "VIDIOC_QBUF     | EIO    | the camera or its cable fails",
        "VIDIOC_QUERYCAP | ENOTTY | is no video device: give one, as /dev/video0",
        "VIDIOC_QUERYCAP | EACCES | may not be opened: add the user to the group video",
      })
  void open_callFails_namesTheRemedy(VideoRequest request, Errno error, String remedy) {
    camera.fail(request, error);

    assertRefused("v4l2:0", GREY, "/dev/video0: %s (%s): %s".formatted(error, request, remedy));
  }

  @ParameterizedTest
  @EnumSource(VideoRequest.class)
  void open_anyCallFails_leavesNothingOpenOrMapped(VideoRequest request) {
    camera.fail(request, Errno.EIO);

    try (ReadoutSensor sensor = camera.open("v4l2:0", GREY, "device")) {
      // Some calls are made later, or not at all.
      assertThat(sensor.read()).isPresent();
    } catch (UserError e) {
      assertThat(e).message().startsWith("/dev/video0: ").hasLineCount(1);
    }
  }

  @Test
  void open_cameraGone_saysHowToFindOne() {
    camera.unplug();

    assertRefused("v4l2:7", GREY, "/dev/video7: ENOENT (open): no such camera: plug it in");
  }

  @Test
  void open_compressedFormatsOnly_namesThem() {
    camera.offer(MJPG, H264);

    assertRefused(
        "v4l2:0", GREY, "/dev/video0: offers MJPG, H264, this driver reads GREY and YUYV (others");
  }

  @Test
  void open_noFormat_saysSo() {
    camera.offer();

    assertRefused("v4l2:0", COLOURS, "/dev/video0: offers no format, this driver reads YUYV");
  }

  @Test
  void open_coloursOfAGreyCamera_asksForOneChannel() {
    camera.offer(PixelFormat.GREY.code());

    assertRefused("v4l2:0", COLOURS, "/dev/video0: has no colours (GREY), the spec has 3");
    assertRefused("v4l2:0?format=grey", COLOURS, "/dev/video0: option format is grey, the spec");
  }

  @Test
  void open_fourChannels_saysWhatItGives() {
    assertRefused(
        "v4l2:0",
        ReadoutSpec.corenet(new SensorGeometry(28, 28, 4), 0.1, true),
        "/dev/video0: gives luma (1 channel) or RGB (3 channels), the spec has 4");
  }

  @Test
  void open_deviceThatCapturesNothing_saysSo() {
    camera.capable(Videodev2.V4L2_CAP_STREAMING);
    assertRefused("v4l2:0", GREY, "/dev/video0 (Simulated camera): captures no video: give");

    camera.capable(Videodev2.V4L2_CAP_STREAMING | Videodev2.V4L2_CAP_VIDEO_CAPTURE_MPLANE);
    assertRefused("v4l2:0", GREY, "/dev/video0 (Simulated camera): captures in several planes");

    camera.capable(Videodev2.V4L2_CAP_VIDEO_CAPTURE);
    assertRefused("v4l2:0", GREY, "/dev/video0 (Simulated camera): its driver cannot stream");
  }

  @Test
  void open_driverThatContradictsItself_isRefused() {
    camera.shortenStride(8);
    assertRefused("v4l2:0", GREY, "/dev/video0: says that 28x28 GREY takes 24 bytes a line");

    camera.shortenStride(0);
    camera.limit(0, 640, 0);
    assertRefused("v4l2:0", GREY, "/dev/video0: gives frames of height 0: give another size");
  }

  @Test
  void open_halfFrames_areRefused() {
    camera.interlace(Videodev2.V4L2_FIELD_ALTERNATE);

    assertRefused("v4l2:0", GREY, "/dev/video0: gives half frames one after the other");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size=640",
        "size=0x480",
        "size=20000x480",
        "size=99999x1",
        "format=mjpeg",
        "rate=0",
        "rate=NaN",
        "rate=fast",
        "timeout=99",
        "timeout=60001"
      })
  void open_optionOutOfRange_namesIt(String option) {
    String name = option.substring(0, option.indexOf('='));
    String value = option.substring(option.indexOf('=') + 1);

    assertRefused(
        "v4l2:0?" + option,
        GREY,
        "sensor source \"v4l2:0?%s\": option %s is \"%s\": give ".formatted(option, name, value));
  }

  @Test
  void open_unknownOption_namesTheNearest() {
    assertRefused(
        "v4l2:0?rat=10",
        GREY,
        "sensor source \"v4l2:0?rat=10\": unknown option rat: did you mean rate?");
  }

  private void assertRefused(String source, ReadoutSpec spec, String message) {
    assertThatThrownBy(() -> camera.open(source, spec, "device"))
        .isInstanceOf(UserError.class)
        .message()
        .startsWith(message)
        .hasLineCount(1);
  }

  @Test
  void present_videoDevices_areListedInOrderOfTheirNumbers() throws IOException {
    for (String name : List.of("video10", "video2", "video0", "video", "videodrome", "null")) {
      Files.createFile(directory.resolve(name));
    }
    List<String> wanted = new ArrayList<>();
    for (String name : List.of("video0", "video2", "video10")) {
      wanted.add(directory.resolve(name).toString());
    }

    assertThat(new V4l2SensorProvider(camera.system(), directory).present()).isEqualTo(wanted);
    assertThat(new V4l2SensorProvider(camera.system(), directory.resolve("none")).present())
        .isEmpty();
  }

  @Test
  void provider_deviceFileWithoutScheme_isItsOwn() {
    assertThatThrownBy(
            () -> ReadoutSensors.open(SensorSource.parse("/dev/video999"), GREY, "device"))
        .isInstanceOf(UserError.class)
        .message()
        .startsWith("/dev/video999: ");
  }
}
