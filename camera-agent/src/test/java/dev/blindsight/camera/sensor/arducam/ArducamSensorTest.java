package dev.blindsight.camera.sensor.arducam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.camera.sensor.board.SpiBus;
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

class ArducamSensorTest {
  private static final Scene SCENE = Scene.moving();
  private static final ReadoutSpec SMALL =
      ReadoutSpec.corenet(new SensorGeometry(16, 12, 3), 0.2, true);

  @Property(tries = 30)
  void read_anyMask_readsKeptChannelsAndClocksNoFurtherThanTheLastLine(
      @ForAll @IntRange(min = 1, max = 320) int width,
      @ForAll @IntRange(min = 1, max = 240) int height,
      @ForAll boolean colour,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double keep,
      @ForAll @IntRange(min = 0, max = 2) int lead,
      @ForAll @Size(32) byte[] secret) {
    SensorGeometry geometry = new SensorGeometry(width, height, colour ? 3 : 1);
    ReadoutSpec spec = keyed(geometry, keep * keep, secret);
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, lead);
      try (ReadoutSensor sensor = open(board, "arducam:0.0?lead=" + lead, spec)) {
        for (int i = 0; i < 2; i++) {
          try (Readout readout = sensor.read().orElseThrow()) {
            assertThat(readout.toByteArray())
                .isEqualTo(expected(spec, chip.width(), chip.height(), chip.exposure()));
          }
        }
        BitSet clocked = chip.clocked();
        int frame = lead + chip.width() * chip.height() * 2;
        assertThat(clocked.length()).isEqualTo(clocked.cardinality()).isLessThanOrEqualTo(frame);
        assertThat(chip.clockedBytes()).isEqualTo(2L * clocked.cardinality());
        assertThat(chip.longestBurst()).isLessThanOrEqualTo(chip.width() * 2);
        assertThat(chip.longestBurst() + 1).isLessThan(SpiBus.LONGEST_TRANSFER);
        assertThat(sensor.traffic().exposures()).isEqualTo(2);
        assertThat(sensor.traffic().channels()).isEqualTo(2L * spec.length());
        assertThat(sensor.traffic().busBytes()).isEqualTo(chip.clockedBytes());
        assertThat(sensor.traffic().faults()).isZero();
        assertThat(sensor.guarantee()).isEqualTo(GuaranteeLevel.DISCARDED);
        assertThat(sensor.pace()).isEqualTo(Pace.ON_DEMAND);
        assertThat(sensor.geometry()).isEqualTo(geometry);
      }
    }
  }

  @Property(tries = 100)
  void retain_anyBytes_leavesExactlyTheKept(
      @ForAll @Size(min = 1, max = 200) byte[] answer, @ForAll @Size(32) byte[] kept) {
    Line line = new Line(answer.length);
    BitSet mask = BitSet.valueOf(kept);
    line.received()[0] = 1;
    System.arraycopy(answer, 0, line.received(), Line.COMMAND, answer.length);

    line.retain(mask, answer.length);

    assertThat(line.received()[0]).isZero();
    for (int i = 0; i < answer.length; i++) {
      assertThat(line.at(i)).isEqualTo(mask.get(i) ? Byte.toUnsignedInt(answer[i]) : 0);
    }
    line.clear();
    assertThat(line.received()).containsOnly(0);
  }

  @Test
  void read_refusedTransactions_areTriedAgainAndCounted() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 1, SCENE, 0);
      chip.refuse(2);
      try (ReadoutSensor sensor = open(board, "arducam:0.1?size=qvga", SMALL)) {
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.toByteArray()).isEqualTo(expected(SMALL, 320, 240, chip.exposure()));
        }
        assertThat(sensor.traffic().faults()).isEqualTo(2);
      }
    }
  }

  @Test
  void read_neverDone_saysSoAndRecovers() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      try (ReadoutSensor sensor = open(board, "arducam:0.0?timeout=20", SMALL)) {
        chip.neverDone(true);
        assertThatThrownBy(sensor::read)
            .isInstanceOf(SensorException.class)
            .hasMessage(
                "ArduCAM at SPI 0.0: no frame within 20 ms: check the module's ribbon and its"
                    + " power");
        assertThat(sensor.traffic().faults()).isEqualTo(1);
        assertThat(chip.clockedBytes()).isZero();

        chip.neverDone(false);
        assertThat(readPatiently(sensor)).isTrue();
      }
    }
  }

  /** With a time-out so short a slow machine may need more than one attempt. */
  private static boolean readPatiently(ReadoutSensor sensor) {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        sensor.read().orElseThrow().close();
        return true;
      } catch (SensorException _) {
        // Once more.
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(ints = {-9, 2_000, 400_000})
  void read_implausibleLength_isRefusedBeforeAnyByte(int error) {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      try (ReadoutSensor sensor = open(board, "arducam:0.0", SMALL)) {
        chip.lengthError(error);

        assertThatThrownBy(sensor::read)
            .isInstanceOf(SensorException.class)
            .hasMessageContaining(
                "the FIFO holds %d bytes, a frame of qqvga (160x120) has 38400 to 39040"
                    .formatted(38_408 + error));
        assertThat(chip.clockedBytes()).isZero();
        assertThat(sensor.traffic().exposures()).isZero();
      }
    }
  }

  @Property(tries = 50)
  void read_anyTransferFails_theNextExposureIsWholeAndAllBytesAreCounted(
      @ForAll @IntRange(min = 0, max = 140) int transfers) {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      try (ReadoutSensor sensor = open(board, "arducam:0.0", SMALL)) {
        chip.failAfter(transfers);
        long failed = 0;
        try {
          sensor.read().orElseThrow().close();
        } catch (SensorException e) {
          assertThat(e).hasMessageStartingWith("ArduCAM at SPI 0.0: a transfer failed");
          failed = 1;
        }
        chip.failAfter(Integer.MAX_VALUE);

        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.toByteArray()).isEqualTo(expected(SMALL, 160, 120, chip.exposure()));
        }
        assertThat(sensor.traffic().exposures()).isEqualTo(2 - failed);
        // Once by the bus that failed, once by the exposure that was given up.
        assertThat(sensor.traffic().faults()).isEqualTo(2 * failed);
        assertThat(sensor.traffic().busBytes()).isEqualTo(chip.clockedBytes());
      }
    }
  }

  @Test
  void read_transferFailsInTheMiddle_isNamedAndTheNextExposureIsWhole() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      try (ReadoutSensor sensor = open(board, "arducam:0.0", SMALL)) {
        chip.failAfter(20);
        assertThatThrownBy(sensor::read)
            .isInstanceOf(SensorException.class)
            .hasMessage("ArduCAM at SPI 0.0: a transfer failed (the system refused it): see dmesg");
        chip.failAfter(Integer.MAX_VALUE);

        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isZero();
          assertThat(readout.toByteArray()).isEqualTo(expected(SMALL, 160, 120, chip.exposure()));
        }
        assertThat(sensor.traffic().busBytes()).isEqualTo(chip.clockedBytes());
      }
    }
  }

  @Test
  void read_unpluggedWhileRunning_deliversNothingAndSetsUpAgain() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      try (ReadoutSensor sensor = open(board, "arducam:0.0", SMALL)) {
        sensor.read().orElseThrow().close();
        chip.unplug();
        assertThatThrownBy(sensor::read).isInstanceOf(SensorException.class);
        assertThatThrownBy(sensor::read)
            .isInstanceOf(SensorException.class)
            .hasMessage(
                "ArduCAM at SPI 0.0: its test register gives 0xff for 0x55: check MOSI, MISO, SCK,"
                    + " CS and the power");
        chip.plugIn();

        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isEqualTo(1);
          assertThat(readout.toByteArray()).isEqualTo(expected(SMALL, 160, 120, chip.exposure()));
        }
      }
    }
  }

  @Test
  void close_whileWaitingForTheFrame_endsTheWait() throws Exception {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      ReadoutSensor sensor = open(board, "arducam:0.0?timeout=60000", SMALL);
      chip.neverDone(true);
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
      while (chip.exposure() < 0) {
        Thread.onSpinWait();
      }

      sensor.close();
      sensor.close();

      assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(sensor.read()).isEmpty();
    }
  }

  @Test
  void open_wrongSensor_isRefusedAndGivesTheBusesBack() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      chip.pretend(0x56);

      assertThatThrownBy(() -> open(board, "arducam:0.0", SMALL))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "OV2640 at 0x30 of I²C bus 1 says it is 0x5642, not an OV2640 (0x264x): check the"
                  + " module and its power");

      chip.pretend(0x26);
      open(board, "arducam:0.0", SMALL).close();
    }
  }

  @Test
  void open_nothingOnSpi_isRefused() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Ov2640ArducamChip chip = new Ov2640ArducamChip(board, 0, SCENE, 0);
      chip.unplug();

      assertThatThrownBy(() -> open(board, "arducam:0.0", SMALL))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("its test register gives 0xff");
    }
  }

  @Test
  void open_missingBus_namesTheDeviceFile() {
    assertThatThrownBy(
            () -> ReadoutSensors.open(SensorSource.parse("arducam:9.9"), SMALL, "device"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "/dev/spidev9.9: there is no SPI bus here: enable SPI (sudo raspi-config nonint do_spi"
                + " 0), or give another bus and chip select");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arducam:0",
        "arducam:0.x",
        "arducam:0.0?hertz=9000000",
        "arducam:0.0?hertz=fast",
        "arducam:0.0?i2c=-1",
        "arducam:0.0?lead=17",
        "arducam:0.0?size=svga",
        "arducam:0.0?timeout=0",
        "arducam:0.0?format=jpeg"
      })
  void open_badSource_isRefusedInOneLine(String source) {
    try (SimulatedBoard board = new SimulatedBoard()) {
      assertThatThrownBy(() -> open(board, source, SMALL))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("sensor source \"" + source + "\": ")
          .message()
          .doesNotContain("\n");
    }
  }

  private static ReadoutSensor open(SimulatedBoard board, String source, ReadoutSpec spec) {
    return ArducamSensorProvider.open(SensorSource.parse(source), spec, "device", board.context());
  }

  private static ReadoutSpec keyed(SensorGeometry geometry, double keep, byte[] secret) {
    try (DeviceSecret device = DeviceSecret.of(secret)) {
      // The least fraction keeps one channel even when the product is cut.
      return ReadoutSpec.keyed(
          geometry, Math.min(1, Math.max(keep, 1.000001 / geometry.elements())), device);
    }
  }

  /** The values a camera with this window shows of the scene, computed apart from the driver. */
  private static byte[] expected(ReadoutSpec spec, int width, int height, long exposure) {
    SensorGeometry geometry = spec.geometry();
    int step = Math.min(width / geometry.width(), height / geometry.height());
    int left = (width - ((geometry.width() - 1) * step + 1)) / 2;
    int top = (height - ((geometry.height() - 1) * step + 1)) / 2;
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
}
