package dev.blindsight.camera.sensor.mlx90640;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.pi4j.context.Context;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
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
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Mlx90640SensorTest {
  private static final int ADDRESS = 0x33;
  private static final double EMISSIVITY = 0.95;
  private static final TemperatureRange ROOM = new TemperatureRange(15, 40.5);
  private static final ReadoutSpec TENTH = ReadoutSpec.corenet(Mlx90640Sensor.GEOMETRY, 0.1, true);

  /** A whole count of the chip is up to an eighth of a degree, a channel value a tenth. */
  private static final int TOLERANCE = 1;

  private final Scene scene = Scene.moving();
  private final AtomicLong exposure = new AtomicLong();
  private final Mlx90640Chip chip =
      new Mlx90640Chip(scene, exposure::get, ROOM, EMISSIVITY, 20_251_121);
  private final SimulatedI2cProvider wires = new SimulatedI2cProvider();
  private final Context context = wires.newContext();

  Mlx90640SensorTest() {
    wires.plug(ADDRESS, chip);
  }

  @AfterEach
  @AfterProperty
  void shutDown() {
    context.shutdown();
  }

  @Property(tries = 40)
  void read_anySpecAndAnyTrouble_givesTheKeptPixelsAndAddressesNoOther(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 768) int kept,
      @ForAll @DoubleRange(min = 0, max = 0.4) double troubles) {
    Random random = new Random(seed);
    ReadoutSpec spec = keyed(random, kept / 768.0);
    Mlx90640Chip fresh = new Mlx90640Chip(scene, exposure::get, ROOM, EMISSIVITY, seed);
    wires.plug(ADDRESS, fresh);
    wires.trouble(() -> I2cTrouble.NONE);
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", spec)) {
      wires.trouble(() -> I2cTrouble.any(random, troubles));
      for (int i = 0; i < 4; i++) {
        exposure.set(random.nextInt(1_000_000));
        try (Readout readout = sensor.read().orElseThrow()) {
          assertShowsTheScene(readout, spec);
        } catch (SensorException e) {
          assertThat(e).hasMessageContaining("I2C bus 1, address 0x33: does not answer");
        }
      }

      Set<Integer> mayBeRead = kept(spec);
      for (int channel = 0; channel < 768; channel++) {
        if (!mayBeRead.contains(channel)) {
          assertThat(fresh.timesAddressed(channel)).isZero();
          assertThat(fresh.timesDriven(channel)).isZero();
        }
      }
      SensorTraffic traffic = sensor.traffic();
      assertThat(traffic.busBytes()).isEqualTo(2 * traffic.channels());
      assertThat(traffic.channels())
          .isGreaterThanOrEqualTo(traffic.exposures() * spec.length())
          .isLessThanOrEqualTo(fresh.wordsDriven());
    }
  }

  private static ReadoutSpec keyed(Random random, double keep) {
    byte[] secret = new byte[DeviceSecret.BYTES];
    random.nextBytes(secret);
    return ReadoutSpec.keyed(Mlx90640Sensor.GEOMETRY, keep, DeviceSecret.of(secret));
  }

  private static Set<Integer> kept(ReadoutSpec spec) {
    Set<Integer> kept = new HashSet<>();
    IntStream.of(spec.mask().channels()).forEach(kept::add);
    return kept;
  }

  private void assertShowsTheScene(Readout readout, ReadoutSpec spec) {
    assertThat(readout.length()).isEqualTo(spec.length());
    for (int slot = 0; slot < spec.length(); slot++) {
      int channel = spec.mask().channelAt(slot);
      int light = scene.valueAt(exposure.get(), channel / 32, channel % 32, 0);
      assertThat(valueAt(readout, spec, slot)).isCloseTo(light, within(TOLERANCE));
    }
  }

  private static int valueAt(Readout readout, ReadoutSpec spec, int slot) {
    return spec.permutation().inverse().apply(readout.valueAt(slot));
  }

  @Property(tries = 40)
  void read_anyCircumstancesAndCalibration_givesTheScene(
      @ForAll long calibration,
      @ForAll @IntRange(min = 1560, max = 1840) int ptat,
      @ForAll @IntRange(min = -13_500, max = -12_600) int supply,
      @ForAll @IntRange(min = 16, max = 19) int resolution,
      @ForAll boolean calibratedInterleaved) {
    Mlx90640Chip other = new Mlx90640Chip(scene, exposure::get, ROOM, EMISSIVITY, calibration);
    other.circumstances(ptat, supply);
    other.eeprom(0x240A, calibratedInterleaved ? 0x0800 : 0);
    wires.plug(ADDRESS, other);
    // With fewer bits a count is a half or a quarter of a degree: wider steps say the same.
    double high = resolution < 18 ? 117 : 40.5;
    TemperatureRange seen = new TemperatureRange(15, high);
    try (ReadoutSensor sensor =
            open("mlx90640:1?rate=64&resolution=%d&high=%s".formatted(resolution, high), TENTH);
        Readout readout = sensor.read().orElseThrow()) {
      for (int slot = 0; slot < TENTH.length(); slot++) {
        int channel = TENTH.mask().channelAt(slot);
        int light = scene.valueAt(exposure.get(), channel / 32, channel % 32, 0);
        assertThat(valueAt(readout, TENTH, slot))
            .isCloseTo(seen.valueOf(ROOM.celsiusOf(light)), within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-40, 0", "-20, 100", "100, 300", "0, 300"})
  void read_otherRangesOfTemperature_giveTheScene(int low, int high) {
    TemperatureRange range = new TemperatureRange(low, high);
    wires.plug(ADDRESS, new Mlx90640Chip(scene, exposure::get, range, EMISSIVITY, 3));
    try (ReadoutSensor sensor =
            open("mlx90640:1?rate=64&low=%d&high=%d".formatted(low, high), TENTH);
        Readout readout = sensor.read().orElseThrow()) {
      assertShowsTheScene(readout, TENTH);
    }
  }

  @Test
  void read_withoutTrouble_drivesEachKeptWordOnceAndAccountsForIt() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", TENTH)) {
      for (int i = 0; i < 5; i++) {
        exposure.incrementAndGet();
        try (Readout readout = sensor.read().orElseThrow()) {
          assertShowsTheScene(readout, TENTH);
          assertThat(readout.sequence()).isEqualTo(i);
          assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.ADDRESSED);
        }
      }

      Set<Integer> kept = kept(TENTH);
      for (int channel = 0; channel < 768; channel++) {
        assertThat(chip.timesDriven(channel)).isEqualTo(kept.contains(channel) ? 5 : 0);
      }
      assertThat(sensor.traffic()).isEqualTo(new SensorTraffic(5, 5 * 76, 5 * 152, 0));
    }
  }

  @Test
  void read_neighboursKept_comeInOneTransfer() {
    ReadoutSpec half = ReadoutSpec.corenet(Mlx90640Sensor.GEOMETRY, 0.5, true);
    Set<Integer> kept = kept(half);
    long runs = kept.stream().filter(channel -> !kept.contains(channel - 1)).count();
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", half)) {
      sensor.read().orElseThrow().close();

      assertThat(chip.pixelTransfers()).isEqualTo(runs).isLessThan(half.length() * 2 / 3);
    }
  }

  @Test
  void read_everythingKept_bringsAtMostARowAtOnce() {
    ReadoutSpec all = ReadoutSpec.corenet(Mlx90640Sensor.GEOMETRY, 1, true);
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", all);
        Readout readout = sensor.read().orElseThrow()) {
      assertShowsTheScene(readout, all);
      assertThat(chip.pixelTransfers()).isEqualTo(24);
    }
  }

  @Test
  void read_failedPixel_isNotAddressedAndShowsTheChipsTemperature() {
    int failed = TENTH.mask().channelAt(7);
    chip.eeprom(0x2440 + failed, 0);
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64&low=0&high=51", TENTH);
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(chip.timesAddressed(failed)).isZero();
      // PTAT 1712 and VDD -13116 are 39.3 degrees.
      assertThat(valueAt(readout, TENTH, 7) / 5.0).isCloseTo(39.3, within(0.3));
      assertThat(sensor.traffic().channels()).isEqualTo(75);
    }
  }

  @Test
  void read_unpluggedAndPluggedInAgain_failsThenIsSetUpAnew() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", TENTH)) {
      sensor.read().orElseThrow().close();
      int settings = chip.control();
      wires.unplug(ADDRESS);
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("address 0x33: does not answer (Remote I/O error)");
      assertThatThrownBy(sensor::read).isInstanceOf(SensorException.class);
      chip.powerCycle();
      wires.plug(ADDRESS, chip);
      exposure.set(77);

      try (Readout readout = sensor.read().orElseThrow()) {
        assertShowsTheScene(readout, TENTH);
      }
      assertThat(chip.control()).isEqualTo(settings);
    }
  }

  @Test
  void read_powerAwayBetweenTwoExposures_isNoticedAndMended() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64&resolution=19", TENTH)) {
      sensor.read().orElseThrow().close();
      chip.powerCycle();
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("has lost its settings");

      try (Readout readout = sensor.read().orElseThrow()) {
        assertShowsTheScene(readout, TENTH);
      }
      assertThat(sensor.traffic().faults()).isEqualTo(1);
    }
  }

  @Test
  void read_neverReady_saysSoInDueTime() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", TENTH)) {
      chip.stopMeasuring();
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessage(
              "I2C bus 1, address 0x33: the MLX90640 measures nothing: check its power supply (3.3"
                  + " V, 25 mA)");
      assertThat(sensor.traffic().faults()).isEqualTo(1);
    }
  }

  @Test
  void read_oneSubpageAlone_saysSoInDueTime() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", TENTH)) {
      chip.stopAlternating();
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("the MLX90640 measures nothing");
    }
  }

  @Test
  void read_impossibleCircumstances_areTold() {
    try (ReadoutSensor sensor = open("mlx90640:1?rate=64", TENTH)) {
      chip.circumstances(1712, -4000);
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessageContaining("check its power supply");
    }
  }

  @Test
  void close_whileAReadWaits_endsIt() {
    ReadoutSensor sensor = open("mlx90640:1?rate=0.5", TENTH);
    chip.stopMeasuring();
    CompletableFuture<Optional<Readout>> read = CompletableFuture.supplyAsync(sensor::read);

    sensor.close();
    sensor.close();

    assertThat(read.orTimeout(5, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(sensor.read()).isEmpty();
  }

  @Test
  void open_nobodyThere_isAUserErrorWithTheRemedy() {
    wires.unplug(ADDRESS);
    assertThatThrownBy(() -> open("mlx90640:1", TENTH))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not answer (Remote I/O error): check its power");
  }

  @ParameterizedTest
  @CsvSource({
    "0x240A, 0x0040, it is an MLX90641",
    "0x2430, 0x0000, 'no supply, temperature or gain calibration'",
    "0x2430, 0xFFFF, 'no supply, temperature or gain calibration'",
    "0x2433, 0x0068, 'no supply, temperature or gain calibration'",
    "0x2432, 0x5800, 'no supply, temperature or gain calibration'",
    "0x2421, 0x0000, no sensitivity though it is not marked as failed"
  })
  void open_damagedEeprom_isRefusedWithTheReason(String address, String word, String reason) {
    chip.eeprom(Integer.decode(address), Integer.decode(word));
    assertThatThrownBy(() -> open("mlx90640:1", TENTH))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("I2C bus 1, address 0x33: no usable MLX90640: its EEPROM ")
        .hasMessageContaining(reason);
  }

  @Test
  void open_fiveDeviatingPixels_areMoreThanThereCanBe() {
    for (int pixel = 100; pixel < 105; pixel++) {
      chip.eeprom(0x2440 + pixel, pixel % 2 == 0 ? 0 : chip.eeprom(0x2440 + pixel) | 1);
    }
    assertThatThrownBy(() -> open("mlx90640:1", TENTH))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("marks 5 pixels as failed or out of calibration, more than the 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x0000", "0xffff"})
  void open_emptyEeprom_isRefused(String word) {
    IntStream.range(0x2400, 0x2740).forEach(address -> chip.eeprom(address, Integer.decode(word)));
    assertThatThrownBy(() -> open("mlx90640:1", TENTH))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("every word of its EEPROM is " + word);
  }

  @Property(tries = 60)
  void open_anyEeprom_isRefusedInOneLineOrGivesValues(@ForAll long seed) {
    Random random = new Random(seed);
    int damaged = random.nextInt(1, 60);
    Mlx90640Chip fresh = new Mlx90640Chip(scene, exposure::get, ROOM, EMISSIVITY, seed);
    wires.plug(ADDRESS, fresh);
    for (int i = 0; i < damaged; i++) {
      fresh.eeprom(random.nextInt(0x2400, 0x2440), random.nextInt(0x10000));
    }
    ReadoutSensor sensor;
    try {
      sensor = open("mlx90640:1?rate=64", TENTH);
    } catch (UserError e) {
      assertThat(e).hasMessageNotContaining("\n");
      return;
    }
    try (sensor;
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(readout.length()).isEqualTo(TENTH.length());
    } catch (SensorException e) {
      assertThat(e).hasMessageNotContaining("\n");
    }
  }

  @Test
  void open_options_areSetOnTheChip() {
    wires.unplug(ADDRESS);
    wires.plug(0x3A, chip);
    try (ReadoutSensor sensor =
        open("mlx90640:1?rate=16&resolution=17&address=0x3a&emissivity=1&reflected=20", TENTH)) {
      assertThat(chip.control()).isEqualTo(0x1000 | 1 << 10 | 5 << 7 | 1);
      assertThat(sensor.pace()).isEqualTo(new Pace.Live(0.25, 32));
      assertThat(sensor.geometry()).isEqualTo(Mlx90640Sensor.GEOMETRY);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlx90640:/dev/i2c-1",
        "mlx90640:1?low=41",
        "mlx90640:1?low=-41",
        "mlx90640:1?high=301",
        "mlx90640:1?rate=10",
        "mlx90640:1?resolution=20",
        "mlx90640:1?emissivity=0",
        "mlx90640:1?emissivity=1.01",
        "mlx90640:1?reflected=cold",
        "mlx90640:1?address=0x07",
        "mlx90640:1?address=51",
        "mlx90640:1?emisivity=1"
      })
  void open_badSource_isAUserErrorThatNamesIt(String source) {
    assertThatThrownBy(() -> open(source, TENTH))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("sensor source \"" + source + "\": ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void open_otherGeometry_namesBoth() {
    ReadoutSpec small = ReadoutSpec.corenet(new SensorGeometry(8, 8, 1), 0.1, true);
    assertThatThrownBy(() -> open("mlx90640:1", small))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("8x8x1")
        .hasMessageContaining("32x24x1");
  }

  private ReadoutSensor open(String source, ReadoutSpec spec) {
    return new Mlx90640SensorProvider(number -> I2cBus.of(context, number))
        .open(SensorSource.parse(source), spec, "device");
  }
}
