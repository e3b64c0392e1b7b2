package dev.blindsight.camera.sensor.mlx90640;

import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.board.I2cDevice;
import dev.blindsight.camera.sensor.board.I2cSensor;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver of the MLX90640 (Melexis, data sheet 3901090640). Registers and their contents are
 * words of 16 bits, the high byte first. The chip measures by itself, in a chess pattern: first the
 * pixels of subpage 0, where row and column are both odd or both even, then those of subpage 1.
 * Pixel words are at 0x0400 + 32 · row + column; of these the driver addresses kept ones and no
 * others, whatever fails.
 *
 * <p>An exposure is one measurement of each subpage that holds kept pixels, whichever comes first.
 * When one is ready, the auxiliary words tell under which {@link Conditions} it was measured; when
 * all are, each kept word is read once. A pixel that the EEPROM marks as failed is not read: it
 * shows the chip's own temperature, which says nothing of the scene.
 */
final class Mlx90640Sensor extends I2cSensor {
  private static final Logger LOG = LoggerFactory.getLogger(Mlx90640Sensor.class);

  static final SensorGeometry GEOMETRY = new SensorGeometry(32, 24, 1);
  private static final Pace PACE = new Pace.Live(0.25, 32);

  private static final int STATUS = 0x8000;
  private static final int NEW_DATA = 0x0008;
  private static final int SUBPAGE = 0x0007;

  /** Clears the new-data bit; overwriting stays allowed and the next measurement is begun. */
  private static final int TAKEN = 0x0030;

  private static final int CONTROL = 0x800D;
  private static final int CONTROL_RESERVED = 0xE000;
  private static final int CHESS_PATTERN = 0x1000;
  private static final int RESOLUTION_SHIFT = 10;
  private static final int RATE_SHIFT = 7;
  private static final int SUBPAGES_IN_TURN = 0x0001;

  /** The auxiliary words come in two blocks; what lies between the needed ones shows no pixel. */
  private static final int FIRST_BLOCK = 0x0700;

  private static final int SECOND_BLOCK = 0x0720;
  private static final int BLOCK_BYTES = 2 * 11;
  private static final int FIRST_WORD = 0;
  private static final int COMPENSATION_PIXEL = 2 * 8;
  private static final int LAST_WORD = 2 * 10;

  private static final int EEPROM_WORDS_AT_ONCE = 32;
  private static final int SUBPAGES = 2;

  private static final int POLLS_IN_PERIOD = 8;

  /** Both subpages come within two periods; each may be missed once. */
  private static final int MOST_PERIODS = 4;

  /** For a measurement that was under way by other settings when the chip was set up. */
  private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

  private final Mlx90640Settings settings;
  private final int[] channels;
  private final boolean[] needed = new boolean[SUBPAGES];
  private final long period;
  private final @Nullable Conditions[] conditions = new @Nullable Conditions[SUBPAGES];
  private @Nullable Chip chip;

  Mlx90640Sensor(
      Supplier<I2cBus> buses, Mlx90640Settings settings, ReadoutSpec spec, String device) {
    super(buses, settings.address(), Short.BYTES, spec, device);
    this.settings = settings;
    this.channels = spec.mask().channels();
    for (int channel : channels) {
      needed[Calibration.subpageOf(channel)] = true;
    }
    this.period = (long) (TimeUnit.SECONDS.toNanos(1) / settings.subpagesPerSecond());
  }

  /**
   * What is known of the chip after it was set up.
   *
   * @param control the content of its control register
   * @param pixels of the kept channels that have not failed
   */
  private record Chip(
      int control,
      Calibration calibration,
      ObjectTemperature temperature,
      Map<Integer, PixelCalibration> pixels,
      KeptWords words) {}

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  protected void setUp(I2cDevice device) {
    Eeprom eeprom = eeprom(device);
    Calibration calibration = new Calibration(eeprom);
    eeprom.defect().or(calibration::defect).ifPresent(defect -> refuse(device, defect));

    int control =
        (device.read(CONTROL) & CONTROL_RESERVED)
            | CHESS_PATTERN
            | settings.resolution() << RESOLUTION_SHIFT
            | settings.rate() << RATE_SHIFT
            | SUBPAGES_IN_TURN;
    device.write(CONTROL, control);
    if (device.read(CONTROL) != control) {
      refuse(device, "its control register does not keep what is written");
    }
    int[] working = IntStream.of(channels).filter(channel -> !eeprom.isBroken(channel)).toArray();
    chip =
        new Chip(
            control,
            calibration,
            new ObjectTemperature(
                calibration,
                new SensitivityRanges(eeprom),
                settings.emissivity(),
                settings.reflected()),
            IntStream.of(working)
                .boxed()
                .collect(Collectors.toMap(channel -> channel, calibration::pixel)),
            new KeptWords(working, words -> countPixels(words, Short.BYTES * words)));
    // What was measured before was measured by other settings.
    device.write(STATUS, TAKEN);
    if (working.length < channels.length) {
      LOG.warn(
          "{}: MLX90640 {}: {} of {} kept pixels have failed and show the chip's own temperature",
          device.name(),
          eeprom.deviceId(),
          channels.length - working.length,
          channels.length);
    }
  }

  private static Eeprom eeprom(I2cDevice device) {
    ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * EEPROM_WORDS_AT_ONCE);
    char[] words = new char[Eeprom.WORDS];
    for (int word = 0; word < words.length; word += EEPROM_WORDS_AT_ONCE) {
      device.read(Eeprom.FIRST + word, bytes.array(), bytes.capacity());
      bytes.asCharBuffer().get(words, word, EEPROM_WORDS_AT_ONCE);
    }
    return new Eeprom(words);
  }

  private static void refuse(I2cDevice device, String defect) {
    throw new SensorException(
        "%s: no usable MLX90640: %s: check the address and the wiring, or replace the sensor"
            .formatted(device.name(), defect));
  }

  @Override
  protected boolean awaitExposure(I2cDevice device) {
    Chip ready = Objects.requireNonNull(chip);
    ready.words().forget();
    Arrays.fill(conditions, null);
    long deadline = System.nanoTime() + GRACE + MOST_PERIODS * period;
    for (int polls = 0; isIncomplete(); polls++) {
      // New or not: a chip that never changes its subpage has always something new. A host that
      // stood still has not asked often enough to blame the chip.
      if (polls > MOST_PERIODS * POLLS_IN_PERIOD && System.nanoTime() > deadline) {
        countFault();
        throw new SensorException(
            "%s: the MLX90640 measures nothing: check its power supply (3.3 V, 25 mA)"
                .formatted(device.name()));
      }
      takeSubpage(device, ready);
      if (isIncomplete() && !pause(period / POLLS_IN_PERIOD)) {
        return false;
      }
    }
    return true;
  }

  /** Takes what the chip has measured last, when that is new and needed. */
  private void takeSubpage(I2cDevice device, Chip ready) {
    int status = device.read(STATUS);
    if ((status & NEW_DATA) == 0) {
      return;
    }
    device.write(STATUS, TAKEN);
    int subpage = status & SUBPAGE;
    if (subpage < SUBPAGES && needed[subpage] && conditions[subpage] == null) {
      conditions[subpage] = conditions(device, ready, subpage);
    }
  }

  private boolean isIncomplete() {
    for (int subpage = 0; subpage < SUBPAGES; subpage++) {
      if (needed[subpage] && conditions[subpage] == null) {
        return true;
      }
    }
    return false;
  }

  private Conditions conditions(I2cDevice device, Chip ready, int subpage) {
    // A chip whose power was away for a moment measures on, but not as it was told.
    if (device.read(CONTROL) != ready.control()) {
      countFault();
      throw new SensorException(
          "%s: the MLX90640 has lost its settings: check its power supply and its plug"
              .formatted(device.name()));
    }
    byte[] first = new byte[BLOCK_BYTES];
    byte[] second = new byte[BLOCK_BYTES];
    device.read(FIRST_BLOCK, first, BLOCK_BYTES);
    device.read(SECOND_BLOCK, second, BLOCK_BYTES);
    AuxiliaryWords auxiliary =
        new AuxiliaryWords(
            signedWord(first, FIRST_WORD),
            signedWord(subpage == 0 ? first : second, COMPENSATION_PIXEL),
            signedWord(first, LAST_WORD),
            signedWord(second, FIRST_WORD),
            signedWord(second, LAST_WORD));
    Conditions measured = ready.calibration().conditions(auxiliary, subpage, settings.resolution());
    if (!measured.isPlausible()) {
      countFault();
      throw new SensorException(
          "%s: the MLX90640 shows a supply of %.1f V and %.0f degrees on the chip: check its power supply"
              .formatted(device.name(), 3.3 + measured.supplyDeviation(), measured.ambient()));
    }
    return measured;
  }

  private static int signedWord(byte[] bytes, int offset) {
    return bytes[offset] << Byte.SIZE | Byte.toUnsignedInt(bytes[offset + 1]);
  }

  @Override
  protected int valueOf(I2cDevice device, int channel) {
    Chip ready = Objects.requireNonNull(chip);
    PixelCalibration pixel = ready.pixels().get(channel);
    Conditions measured = Objects.requireNonNull(conditions[Calibration.subpageOf(channel)]);
    if (pixel == null) {
      return settings.range().valueOf(measured.ambient());
    }
    int word = ready.words().word(device, channel);
    return settings.range().valueOf(ready.temperature().celsius(word, pixel, measured));
  }
}
