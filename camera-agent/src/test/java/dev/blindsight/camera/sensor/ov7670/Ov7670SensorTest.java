package dev.blindsight.camera.sensor.ov7670;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.FrameWindow;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ov7670SensorTest {
  private static final Scene SCENE = Scene.moving();
  private static final ReadoutSpec SMALL =
      ReadoutSpec.corenet(new SensorGeometry(16, 12, 1), 0.2, true);

  @Property(tries = 30)
  void read_anyMask_drivesExactlyTheBytesThatHoldKeptChannels(
      @ForAll @IntRange(min = 1, max = 160) int width,
      @ForAll @IntRange(min = 1, max = 120) int height,
      @ForAll boolean colour,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double keep,
      @ForAll boolean immediate,
      @ForAll @IntRange(min = 0, max = 2) int refusals,
      @ForAll @Size(32) byte[] secret) {
    SensorGeometry geometry = new SensorGeometry(width, height, colour ? 3 : 1);
    ReadoutSpec spec = keyed(geometry, keep * keep, secret);
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, immediate);
        ReadoutSensor sensor =
            open(board, "ov7670:1" + (immediate ? "?oe-acts=immediately" : ""), spec)) {
      Al422bFifo fifo = chip.fifo();
      chip.refuse(refusals);

      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.toByteArray())
            .isEqualTo(expected(spec, FrameSize.QQVGA, fifo.exposure()));
      }

      BitSet kept = keptBytes(spec, FrameSize.QQVGA);
      assertThat(fifo.driven()).isEqualTo(kept);
      assertThat(fifo.drivenBytes()).isEqualTo(kept.cardinality());
      assertThat(fifo.floatingReads()).isZero();
      assertThat(fifo.outputsOn()).isFalse();
      if (!immediate) {
        assertThat(fifo.clockedWithOutputEnableLow()).isEqualTo(kept);
      } else {
        assertThat(fifo.clockedWithOutputEnableLow().isEmpty()).isTrue();
      }
      assertThat(sensor.traffic().exposures()).isEqualTo(1);
      assertThat(sensor.traffic().channels()).isEqualTo(spec.length());
      assertThat(sensor.traffic().busBytes()).isEqualTo(kept.cardinality());
      assertThat(sensor.traffic().faults()).isEqualTo(refusals);
    }
  }

  @Test
  void read_severalExposures_eachShowsItsOwnFrame() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false);
        ReadoutSensor sensor = open(board, "ov7670:1?size=qvga", SMALL)) {
      long last = -1;
      for (int i = 0; i < 3; i++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isEqualTo(i);
          assertThat(chip.fifo().exposure()).isGreaterThan(last);
          assertThat(readout.toByteArray())
              .isEqualTo(expected(SMALL, FrameSize.QVGA, chip.fifo().exposure()));
        }
        assertThat(chip.fifo().writing()).isFalse();
        last = chip.fifo().exposure();
      }
      assertThat(sensor.pace()).isEqualTo(Pace.ON_DEMAND);
      assertThat(sensor.guarantee()).isEqualTo(GuaranteeLevel.UNDRIVEN);
      assertThat(sensor.geometry()).isEqualTo(SMALL.geometry());
    }
  }

  @Test
  void read_readEnableWired_movesThePointerOnlyWhileReading() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false)) {
      chip.wireReadEnable(7);
      try (ReadoutSensor sensor = open(board, "ov7670:1?re=7", SMALL);
          Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.toByteArray())
            .isEqualTo(expected(SMALL, FrameSize.QQVGA, chip.fifo().exposure()));
        assertThat(board.output(7)).isTrue();
      }
    }
  }

  @Test
  void read_refusedTransactions_areTriedAgainAndCounted() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false);
        ReadoutSensor sensor = open(board, "ov7670:1", SMALL)) {
      chip.refuse(2);

      sensor.read().orElseThrow().close();

      assertThat(sensor.traffic().faults()).isEqualTo(2);
      assertThat(sensor.traffic().exposures()).isEqualTo(1);
    }
  }

  @Test
  void read_verticalSyncNeverComes_namesTheWireAndRecovers() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false);
        ReadoutSensor sensor = open(board, "ov7670:1?timeout=30", SMALL)) {
      chip.keepStill(true);

      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessage(
              "GPIO 17 (VSYNC): no frame began within 30 ms: check the wire VSYNC and the module's"
                  + " clock");
      assertThat(sensor.traffic().faults()).isEqualTo(1);
      assertThat(board.output(22)).isFalse();

      chip.keepStill(false);
      assertThat(readPatiently(sensor)).isPresent();
    }
  }

  /** With a time-out so short a slow machine may need more than one attempt. */
  private static Optional<Readout> readPatiently(ReadoutSensor sensor) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        Optional<Readout> readout = sensor.read();
        readout.ifPresent(Readout::close);
        return readout;
      } catch (SensorException _) {
        // Once more.
      }
    }
    return Optional.empty();
  }

  @Test
  void read_unpluggedWhileRunning_deliversNothingAndSetsUpAgain() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false);
        ReadoutSensor sensor = open(board, "ov7670:1", SMALL)) {
      sensor.read().orElseThrow().close();
      long resets = chip.resets();
      chip.refuse(3);

      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("OV7670 at 0x21 of I²C bus 1: no answer for register 0x0a");
      assertThat(sensor.traffic().exposures()).isEqualTo(1);

      chip.unplug();
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("no answer");
      chip.plugIn();
      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.toByteArray())
            .isEqualTo(expected(SMALL, FrameSize.QQVGA, chip.fifo().exposure()));
        assertThat(readout.sequence()).isEqualTo(1);
      }
      assertThat(chip.resets()).isEqualTo(resets + 2);
    }
  }

  @Test
  void close_whileWaitingForAFrame_endsTheWait() throws Exception {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false)) {
      ReadoutSensor sensor = open(board, "ov7670:1?timeout=60000", SMALL);
      chip.keepStill(true);
      CompletableFuture<Void> waiting = new CompletableFuture<>();
      board.onListening(17, _ -> waiting.complete(null));
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
      waiting.get(10, TimeUnit.SECONDS);

      sensor.close();
      sensor.close();

      assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(sensor.read()).isEmpty();
      assertThat(board.isOpen(17)).isFalse();
      assertThat(board.output(25)).isTrue();
    }
  }

  @Test
  void open_wrongChip_isRefusedAndGivesThePinsBack() {
    try (SimulatedBoard board = new SimulatedBoard();
        Ov7670Chip chip = new Ov7670Chip(board, SCENE, false)) {
      chip.pretend(0x77);

      assertThatThrownBy(() -> open(board, "ov7670:1", SMALL))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "OV7670 at 0x21 of I²C bus 1 says it is 0x7773, not an OV7670 (0x7673): check the"
                  + " module and its power");
      assertThat(board.isOpen(17)).isFalse();

      chip.pretend(0x76);
      open(board, "ov7670:1", SMALL).close();
    }
  }

  @Test
  void open_nothingOnTheBus_isRefused() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      assertThatThrownBy(() -> open(board, "ov7670:1", SMALL))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no answer for register 0x0a: check its power, SCL and SDA");
    }
  }

  @Test
  void open_missingBus_namesTheDeviceFile() {
    assertThatThrownBy(() -> ReadoutSensors.open(SensorSource.parse("ov7670:97"), SMALL, "device"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "/dev/i2c-97: there is no I²C bus here: enable I²C (sudo raspi-config nonint do_i2c 0),"
                + " or give another bus");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ov7670:first",
        "ov7670:100",
        "ov7670:1?vsync=28",
        "ov7670:1?vsync=-1",
        "ov7670:1?oe=seven",
        "ov7670:1?data=1,2,3",
        "ov7670:1?data=1,2,3,4,5,6,7,x",
        "ov7670:1?rck=17",
        "ov7670:1?re=26",
        "ov7670:1?size=vga",
        "ov7670:1?timeout=1",
        "ov7670:1?oe-acts=later",
        "ov7670:1?clock=4"
      })
  void open_badOption_isRefusedInOneLine(String source) {
    try (SimulatedBoard board = new SimulatedBoard()) {
      assertThatThrownBy(() -> open(board, source, SMALL))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("sensor source \"" + source + "\": ")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void open_geometryTooLarge_namesBoth() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(640, 480, 1), 0.01, false);
    try (SimulatedBoard board = new SimulatedBoard()) {
      assertThatThrownBy(() -> open(board, "ov7670:1", spec))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("640x480")
          .hasMessageContaining("qvga (320x240)")
          .hasMessageContaining("614400")
          .hasMessageContaining("393216");
    }
  }

  @Test
  void open_twoChannelsAPixel_isRefused() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(16, 16, 2), 0.5, false);
    try (SimulatedBoard board = new SimulatedBoard()) {
      assertThatThrownBy(() -> open(board, "ov7670:1", spec))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("2 channels a pixel");
    }
  }

  private static ReadoutSensor open(SimulatedBoard board, String source, ReadoutSpec spec) {
    return Ov7670SensorProvider.open(SensorSource.parse(source), spec, "device", board.context());
  }

  private static ReadoutSpec keyed(SensorGeometry geometry, double keep, byte[] secret) {
    try (DeviceSecret device = DeviceSecret.of(secret)) {
      // The least fraction keeps one channel even when the product is cut.
      return ReadoutSpec.keyed(
          geometry, Math.min(1, Math.max(keep, 1.000001 / geometry.elements())), device);
    }
  }

  /** The values a camera with this window shows of the scene, computed apart from the driver. */
  private static byte[] expected(ReadoutSpec spec, FrameSize size, long exposure) {
    SensorGeometry geometry = spec.geometry();
    int step = Math.min(size.width() / geometry.width(), size.height() / geometry.height());
    int left = (size.width() - ((geometry.width() - 1) * step + 1)) / 2;
    int top = (size.height() - ((geometry.height() - 1) * step + 1)) / 2;
    return spec.acquire(channel -> {
      int pixel = channel / geometry.channels();
      int colour = channel % geometry.channels();
      int value =
          SCENE.valueAt(
              exposure,
              top + pixel / geometry.width() * step,
              left + pixel % geometry.width() * step,
              colour);
      if (geometry.channels() == 1) {
        return value;
      }
      return colour == 1 ? (value & 0xFC) | value >> 6 : (value & 0xF8) | value >> 5;
    });
  }

  /** The bytes of the FIFO with at least one kept channel in them. */
  private static BitSet keptBytes(ReadoutSpec spec, FrameSize size) {
    SensorGeometry geometry = spec.geometry();
    FrameWindow window = FrameWindow.of(size, geometry);
    BitSet bytes = new BitSet();
    for (int slot = 0; slot < spec.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int pixel = channel / geometry.channels();
      int first = 2 * window.pixel(pixel / geometry.width(), pixel % geometry.width());
      if (geometry.channels() == 1 || channel % 3 < 2) {
        bytes.set(first);
      }
      if (geometry.channels() == 3 && channel % 3 > 0) {
        bytes.set(first + 1);
      }
    }
    return bytes;
  }
}
