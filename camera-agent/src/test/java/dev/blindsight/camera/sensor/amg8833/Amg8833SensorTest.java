package dev.blindsight.camera.sensor.amg8833;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pi4j.context.Context;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.board.I2cTrouble;
import dev.blindsight.camera.sensor.board.SimulatedI2cProvider;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Amg8833SensorTest {
  /** A quarter of a degree for each value: the chip's own steps, so that nothing is rounded. */
  private static final TemperatureRange EXACT = new TemperatureRange(0, 63.75);

  private static final int ADDRESS = 0x69;
  private static final ReadoutSpec TENTH = ReadoutSpec.corenet(Amg8833Sensor.GEOMETRY, 0.1, true);

  private final Scene scene = Scene.moving();
  private final AtomicLong exposure = new AtomicLong();
  private final Amg8833Chip chip = new Amg8833Chip(scene, exposure::get, EXACT);
  private final SimulatedI2cProvider wires = new SimulatedI2cProvider();
  private final Context context = wires.newContext();

  Amg8833SensorTest() {
    wires.plug(ADDRESS, chip);
  }

  @AfterEach
  @AfterProperty
  void shutDown() {
    context.shutdown();
  }

  @Property(tries = 80)
  void read_anySpecAndAnyTrouble_givesTheKeptPixelsAndDrivesNoOther(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 64) int kept,
      @ForAll @DoubleRange(min = 0, max = 0.5) double troubles) {
    Random random = new Random(seed);
    byte[] secret = new byte[DeviceSecret.BYTES];
    random.nextBytes(secret);
    ReadoutSpec spec =
        ReadoutSpec.keyed(Amg8833Sensor.GEOMETRY, kept / 64.0, DeviceSecret.of(secret));
    Amg8833Chip fresh = new Amg8833Chip(scene, exposure::get, EXACT);
    wires.plug(ADDRESS, fresh);
    wires.trouble(() -> I2cTrouble.NONE);
    try (Amg8833Sensor sensor = started(spec)) {
      wires.trouble(() -> I2cTrouble.any(random, troubles));
      for (int i = 0; i < 5; i++) {
        exposure.set(random.nextInt(1_000_000));
        try (Readout readout = sensor.read().orElseThrow()) {
          assertShowsTheScene(readout, spec);
        } catch (SensorException e) {
          assertThat(e).hasMessageContaining("I2C bus 1, address 0x69: does not answer");
        }
      }

      assertNoOtherPixelWasDriven(fresh, spec);
      SensorTraffic traffic = sensor.traffic();
      assertThat(traffic.busBytes())
          .isEqualTo(2 * traffic.channels())
          .isLessThanOrEqualTo(fresh.pixelBytesDriven());
      assertThat(traffic.channels()).isGreaterThanOrEqualTo(traffic.exposures() * spec.length());
    }
  }

  private void assertShowsTheScene(Readout readout, ReadoutSpec spec) {
    assertThat(readout.length()).isEqualTo(spec.length());
    for (int slot = 0; slot < spec.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int light = scene.valueAt(exposure.get(), channel / 8, channel % 8, 0);
      assertThat(readout.valueAt(slot)).isEqualTo(spec.permutation().apply(light));
    }
  }

  private static void assertNoOtherPixelWasDriven(Amg8833Chip chip, ReadoutSpec spec) {
    for (int channel = 0; channel < 64; channel++) {
      if (Arrays.binarySearch(spec.mask().channels(), channel) < 0) {
        assertThat(chip.timesDriven(0x80 + 2 * channel)).isZero();
        assertThat(chip.timesDriven(0x81 + 2 * channel)).isZero();
      }
    }
  }

  @Test
  void read_withoutTrouble_drivesEachKeptPixelOnceAndAccountsForIt() {
    try (Amg8833Sensor sensor = started(TENTH)) {
      for (int i = 0; i < 7; i++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          assertThat(readout.sequence()).isEqualTo(i);
          assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.ADDRESSED);
          assertThat(readout.device()).isEqualTo("device");
        }
      }

      for (int channel : TENTH.mask().channels()) {
        assertThat(chip.timesDriven(0x80 + 2 * channel)).isEqualTo(7);
        assertThat(chip.timesDriven(0x81 + 2 * channel)).isEqualTo(7);
      }
      assertThat(sensor.traffic()).isEqualTo(new SensorTraffic(7, 42, 84, 0));
      assertThat(chip.pixelBytesDriven()).isEqualTo(84);
    }
  }

  @Test
  void read_frost_isBelowTheRangeAndBecomesZero() {
    Amg8833Chip cold =
        new Amg8833Chip((_, _, _, _) -> 0, exposure::get, new TemperatureRange(-12.5, 80));
    wires.plug(ADDRESS, cold);
    try (Amg8833Sensor sensor = started(TENTH);
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(readout.valueAt(0)).isEqualTo(TENTH.permutation().apply(0));
    }
  }

  @Test
  void read_oneTransferNotAcknowledged_isTriedAgainAndCounted() {
    try (Amg8833Sensor sensor = started(TENTH)) {
      AtomicLong transfers = new AtomicLong();
      wires.trouble(
          () -> transfers.incrementAndGet() == 3 ? I2cTrouble.NOT_ACKNOWLEDGED : I2cTrouble.NONE);

      try (Readout readout = sensor.read().orElseThrow()) {
        assertShowsTheScene(readout, TENTH);
      }

      assertThat(sensor.traffic()).isEqualTo(new SensorTraffic(1, 6, 12, 1));
    }
  }

  @Test
  void read_unpluggedAndPluggedInAgain_failsThenIsSetUpAnew() {
    try (Amg8833Sensor sensor = started(TENTH)) {
      sensor.read().orElseThrow().close();
      wires.unplug(ADDRESS);
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessage(
              "I2C bus 1, address 0x69: does not answer (Remote I/O error): check its power, SDA"
                  + " and SCL, and its address with i2cdetect");
      assertThatThrownBy(sensor::read).isInstanceOf(SensorException.class);
      chip.powerCycle();
      wires.plug(ADDRESS, chip);

      try (Readout readout = sensor.read().orElseThrow()) {
        assertShowsTheScene(readout, TENTH);
        assertThat(readout.sequence()).isEqualTo(1);
      }
      assertThat(chip.resets()).isEqualTo(2);
      assertThat(sensor.traffic().faults()).isEqualTo(6);
    }
  }

  @Test
  void close_whileAReadWaits_endsIt() {
    Amg8833Sensor sensor = sensor(TENTH, Duration.ofHours(1));
    sensor.start();
    CompletableFuture<Optional<Readout>> read = CompletableFuture.supplyAsync(sensor::read);

    sensor.close();
    sensor.close();

    assertThat(read.orTimeout(5, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(sensor.read()).isEmpty();
  }

  @Test
  void close_whileReadsGoOn_letsTheRunningOneFinishAndEndsThem() {
    Amg8833Sensor sensor = started(TENTH);
    CompletableFuture<Void> reads =
        CompletableFuture.runAsync(() -> {
          for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
            next.get().close();
          }
        });
    while (sensor.traffic().exposures() < 4) {
      Thread.onSpinWait();
    }

    sensor.close();

    assertThatCode(() -> reads.orTimeout(5, TimeUnit.SECONDS).join()).doesNotThrowAnyException();
  }

  @Test
  void start_nobodyThere_isAUserErrorWithTheRemedy() {
    wires.unplug(ADDRESS);
    assertThatThrownBy(() -> open("amg8833:1"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not answer (Remote I/O error): check its power");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xFFFF, 0x7FF, 0xFFF})
  void start_impossibleThermistor_isAnotherChip(int word) {
    chip.thermistor(word);
    assertThatThrownBy(() -> open("amg8833:1"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "I2C bus 1, address 0x69: another chip than an AMG8833 answers: check the address and"
                + " the wiring");
  }

  @Test
  void start_coldThermistor_isReadAsSignAndMagnitude() {
    chip.thermistor(0x800 | 10 * 16);
    try (ReadoutSensor sensor = open("amg8833:1")) {
      assertThat(sensor.traffic().exposures()).isZero();
    }
  }

  @Test
  void open_rateAndAddress_areSetOnTheChip() {
    wires.unplug(ADDRESS);
    wires.plug(0x68, chip);
    try (ReadoutSensor sensor = open("amg8833:1?rate=1&address=0x68&low=0&high=63.75")) {
      assertThat(chip.isSlow()).isTrue();
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(1, 10));
      assertThat(sensor.geometry()).isEqualTo(Amg8833Sensor.GEOMETRY);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amg8833:one",
        "amg8833:-1",
        "amg8833:256",
        "amg8833:1?low=41",
        "amg8833:1?low=-1",
        "amg8833:1?high=NaN",
        "amg8833:1?high=1e9",
        "amg8833:1?rate=5",
        "amg8833:1?address=0x33",
        "amg8833:1?hgih=30"
      })
  void open_badSource_isAUserErrorThatNamesIt(String source) {
    assertThatThrownBy(() -> open(source))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("sensor source \"" + source + "\": ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void open_otherGeometry_namesBoth() {
    assertThatThrownBy(() ->
            provider()
                .open(
                    SensorSource.parse("amg8833:1"),
                    ReadoutSpec.corenet(new SensorGeometry(32, 24, 1), 0.1, true),
                    "device"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("8x8x1")
        .hasMessageContaining("32x24x1");
  }

  @Test
  void open_throughTheServiceOnAMachineWithoutTheBus_namesTheNode() {
    assertThatThrownBy(
            () -> ReadoutSensors.open(SensorSource.parse("amg8833:255"), TENTH, "device"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("/dev/i2c-255: no such I2C bus: enable I2C");
  }

  private Amg8833Sensor started(ReadoutSpec spec) {
    Amg8833Sensor sensor = sensor(spec, Duration.ZERO);
    sensor.start();
    return sensor;
  }

  private Amg8833Sensor sensor(ReadoutSpec spec, Duration period) {
    return new Amg8833Sensor(() -> I2cBus.of(context, 1), ADDRESS, EXACT, period, spec, "device");
  }

  private Amg8833SensorProvider provider() {
    return new Amg8833SensorProvider(number -> I2cBus.of(context, number));
  }

  private ReadoutSensor open(String source) {
    return provider().open(SensorSource.parse(source), TENTH, "device");
  }
}
