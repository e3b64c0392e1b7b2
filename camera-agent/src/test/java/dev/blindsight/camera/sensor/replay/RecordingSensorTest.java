package dev.blindsight.camera.sensor.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingSensorTest {
  private static final SensorGeometry GREY = new SensorGeometry(30, 20, 1);

  /** Each picture is of one value: its number. */
  private static final Scene NUMBERED = (exposure, row, column, channel) -> (int) exposure;

  private final FfmpegProgram ffmpeg = FfmpegProgram.installed();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "30, 20, 1, 0.1",
    "30, 20, 3, 0.1",
    "224, 224, 3, 0.1",
    "17, 33, 3, 0.9",
    "17, 33, 1, 1.0",
    "64, 48, 3, 0.0002",
    "5, 4, 1, 0.06"
  })
  void read_losslessVideo_givesTheKeptChannelsOfEveryPicture(
      int width, int height, int channels, double keep) {
    SensorGeometry geometry = new SensorGeometry(width, height, channels);
    Scene scene = Scene.moving();
    Path video = ffmpeg.lossless(folder.resolve("a.mkv"), scene, geometry, 5);
    ReadoutSpec spec = ReadoutSpec.corenet(geometry, keep, true);

    try (ReadoutSensor sensor = open(video.toString(), spec)) {
      for (int exposure = 0; exposure < 5; exposure++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          int seen = exposure;
          assertThat(readout.toByteArray())
              .isEqualTo(
                  spec.acquire(index ->
                      scene.valueAt(
                          seen,
                          index / channels / width,
                          index / channels % width,
                          index % channels)));
          assertThat(readout.sequence()).isEqualTo(exposure);
          assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.FRAME_IN_DRIVER);
        }
      }
      assertThat(sensor.read()).isEmpty();
      assertThat(sensor.pace()).isEqualTo(Pace.ON_DEMAND);
      SensorTraffic traffic = sensor.traffic();
      assertThat(traffic.exposures()).isEqualTo(5);
      assertThat(traffic.channels()).isEqualTo(5L * geometry.elements());
      assertThat(traffic.busBytes()).isPositive();
      assertThat(traffic.faults()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0 1 2 3 4 5 6",
    "?start=5, 5 6",
    "?step=3, 0 3 6",
    "?count=2, 0 1",
    "?loop=true&count=9, 0 1 2 3 4 5 6 0 1",
    "?loop=true&start=1&step=4&count=5, 1 5 1 5 1"
  })
  void read_withOptions_playsThesePictures(String options, String pictures) {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 7);

    assertThat(played(video + options))
        .containsExactly(
            Stream.of(pictures.split(" ")).map(Integer::valueOf).toArray(Integer[]::new));
  }

  @Test
  void share_twoCameras_playTheVideoOnceBetweenThem() {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 7);
    SensorSource source = SensorSource.parse(video.toString());

    assertThat(played(ReadoutSensors.share(source, 0, 2).toString())).containsExactly(0, 2, 4, 6);
    assertThat(played(ReadoutSensors.share(source, 1, 2).toString())).containsExactly(1, 3, 5);
  }

  /** Values of pictures that are all of one. */
  private static List<Integer> played(String source) {
    ReadoutSpec spec = ReadoutSpec.corenet(GREY, 0.1, false);
    List<Integer> values = new ArrayList<>();
    try (ReadoutSensor sensor = open(source, spec)) {
      for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
        try (Readout readout = next.get()) {
          values.add(readout.valueAt(readout.length() - 1));
        }
      }
    }
    return values;
  }

  @Test
  void read_pictureOfTwiceTheSize_givesTheMeanOfWhatAValueCovers() {
    SensorGeometry large = new SensorGeometry(60, 40, 1);
    Scene columns = (exposure, row, column, channel) -> column % 2 == 0 ? 40 : 60;
    Path video = ffmpeg.lossless(folder.resolve("a.mkv"), columns, large, 1);

    try (ReadoutSensor sensor = open(video.toString(), ReadoutSpec.corenet(GREY, 1.0, false));
        Readout readout = sensor.read().orElseThrow()) {
      for (int slot = 0; slot < readout.length(); slot++) {
        assertThat(readout.valueAt(slot)).isEqualTo(50);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"white, 255, 255, 255", "black, 0, 0, 0", "red, 254, 0, 0", "blue, 0, 0, 254"})
  void read_codedByBrightnessAndColour_usesTheWholeRange(
      String colour, int red, int green, int blue) {
    Path video = folder.resolve("c.avi");
    ffmpeg.run(
        "-f",
        "lavfi",
        "-i",
        "color=" + colour + ":size=96x64:rate=25",
        "-frames:v",
        "2",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "mpeg4",
        "-q:v",
        "1",
        video.toString());
    SensorGeometry geometry = new SensorGeometry(8, 8, 3);

    try (ReadoutSensor sensor = open(video.toString(), ReadoutSpec.corenet(geometry, 1.0, false));
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(readout.valueAt(99)).isCloseTo(red, within(3));
      assertThat(readout.valueAt(100)).isCloseTo(green, within(3));
      assertThat(readout.valueAt(101)).isCloseTo(blue, within(3));
    }
  }

  @Test
  void read_pictureSizeChanges_goesOn() throws IOException {
    Path video = folder.resolve("sizes.ts");
    try (OutputStream joined = Files.newOutputStream(video)) {
      for (String size : List.of("64x48", "128x96", "64x64")) {
        Path part = folder.resolve(size + ".ts");
        ffmpeg.run(
            "-f",
            "lavfi",
            "-i",
            "color=white:size=" + size + ":rate=25",
            "-frames:v",
            "5",
            "-c:v",
            "mpeg2video",
            part.toString());
        Files.copy(part, joined);
      }
    }

    // The decoder may drop what it holds back at a change.
    assertThat(played(video.toString())).hasSizeGreaterThanOrEqualTo(12).containsOnly(255);
  }

  @Test
  void read_damagedVideo_passesOverTheDamageAndCountsIt() throws IOException {
    Path video = folder.resolve("d.avi");
    ffmpeg.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=160x120:rate=25",
        "-frames:v",
        "60",
        "-g",
        "6",
        "-c:v",
        "mpeg4",
        video.toString());
    byte[] bytes = Files.readAllBytes(video);
    Random random = new Random(5);
    for (int i = 0; i < 150; i++) {
      bytes[bytes.length / 3 + random.nextInt(bytes.length / 3)] ^=
          (byte) (1 + random.nextInt(255));
    }
    Files.write(video, bytes);

    try (ReadoutSensor sensor = open(video.toString(), ReadoutSpec.corenet(GREY, 0.1, true))) {
      int exposures = 0;
      for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
        next.get().close();
        exposures++;
      }
      assertThat(exposures).isBetween(20, 59);
      assertThat(sensor.traffic().faults()).isPositive();
    }
  }

  @Test
  void read_nothingButDamage_saysSo() throws IOException {
    Path video = folder.resolve("d.avi");
    ffmpeg.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=160x120:rate=25",
        "-frames:v",
        "300",
        "-c:v",
        "mjpeg",
        video.toString());
    byte[] bytes = Files.readAllBytes(video);
    for (int i = 0; i + 4 < bytes.length; i++) {
      // The tables and the picture of each JPEG.
      if (bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) 0xC0) {
        bytes[i + 5] = bytes[i + 6] = bytes[i + 7] = bytes[i + 8] = 0;
      }
    }
    Files.write(video, bytes);

    try (ReadoutSensor sensor = open(video.toString(), ReadoutSpec.corenet(GREY, 0.1, true))) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("d.avi: 100 damaged pictures in a row");
      assertThat(sensor.traffic().faults()).isGreaterThanOrEqualTo(100);
    }
  }

  @Test
  void read_manyExposures_allocatesFarLessThanAFrameEach() {
    SensorGeometry geometry = new SensorGeometry(224, 224, 3);
    Path video = folder.resolve("h.avi");
    ffmpeg.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc=size=320x240:rate=25",
        "-frames:v",
        "120",
        "-c:v",
        "mpeg4",
        video.toString());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    try (ReadoutSensor sensor =
        open(video + "?loop=true", ReadoutSpec.corenet(geometry, 0.1, true))) {
      for (int i = 0; i < 20; i++) {
        sensor.read().orElseThrow().close();
      }
      long most =
          LongStream.range(0, 90)
              .map(exposure -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                sensor.read().orElseThrow().close();
                return threads.getCurrentThreadAllocatedBytes() - before;
              })
              .max()
              .orElseThrow();
      // A readout has 15,052 bytes, outside the heap; a frame 150,528.
      assertThat(most).isLessThan(12_000);
    }
  }

  @Test
  void read_afterClose_isTheEnd() {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 2);
    ReadoutSensor sensor = open(video.toString(), ReadoutSpec.corenet(GREY, 0.1, true));
    Readout open = sensor.read().orElseThrow();
    sensor.close();
    sensor.close();

    assertThat(sensor.read()).isEmpty();
    assertThat(open.length()).isEqualTo(60);
    open.close();
  }

  @Test
  void open_missingFile_saysSo() {
    assertThatThrownBy(() -> open(folder.resolve("no.avi").toString()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("no.avi: no such file: check the path");
  }

  @Test
  void open_noVideo_saysSo() throws IOException {
    Path text = Files.writeString(folder.resolve("text.avi"), "no video\n".repeat(1000));

    assertThatThrownBy(() -> open(text.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith(
            "text.avi: this is no video, or a damaged one: check it with a player");
  }

  @Test
  void open_soundOnly_saysSo() {
    Path sound = folder.resolve("sound.avi");
    ffmpeg.run("-f", "lavfi", "-i", "sine=duration=1", sound.toString());

    assertThatThrownBy(() -> open(sound.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("sound.avi: there are no pictures in it: check it with a player");
  }

  @Test
  void open_fileThatMayNotBeRead_saysHowToMendIt() throws IOException {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 2);
    Files.setPosixFilePermissions(video, Set.of());
    Assumptions.assumeFalse(Files.isReadable(video), "the superuser may read everything");

    assertThatThrownBy(() -> open(video.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("permission denied: let user");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?lop=true",
        "?start=-1",
        "?step=0",
        "?paced=yes",
        "?count=x",
        "?timeout_seconds=0"
      })
  void open_wrongOption_namesIt(String options) {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 1);

    assertThatThrownBy(() -> open(video + options))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("option " + options.substring(1, options.indexOf('=')));
  }

  @Test
  void open_startBeyondTheLast_saysSoOnce() {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 3);

    try (ReadoutSensor sensor = open(video + "?loop=true&start=3")) {
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("it has 3 pictures, and is to be played from number 3");
    }
  }

  @Test
  void open_specOfTwoChannels_isRefused() {
    Path video = ffmpeg.lossless(folder.resolve("n.mkv"), NUMBERED, GREY, 1);

    assertThatThrownBy(() ->
            open(video.toString(), ReadoutSpec.corenet(new SensorGeometry(8, 8, 2), 0.1, true)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("2 channels of a pixel, video has 1 (grey) or 3");
  }

  private static ReadoutSensor open(String source) {
    return open(source, ReadoutSpec.corenet(GREY, 0.1, true));
  }

  private static ReadoutSensor open(String source, ReadoutSpec spec) {
    return ReadoutSensors.open(SensorSource.parse(source), spec, "device");
  }
}
