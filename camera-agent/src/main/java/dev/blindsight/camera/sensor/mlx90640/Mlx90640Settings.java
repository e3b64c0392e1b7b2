package dev.blindsight.camera.sensor.mlx90640;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import dev.blindsight.protocol.UserError;
import java.util.List;
import java.util.Set;

/**
 * How an MLX90640 is used.
 *
 * @param bus the number of its I²C bus
 * @param address 7 bits; 0x33 unless the chip was given another
 * @param range what the channel values stand for
 * @param rate the chip's code for measurements of a subpage in a second: 0 for a half, then doubled
 *     up to 7 for 64
 * @param resolution the chip's code: 0 for 16 bits to 3 for 19
 * @param emissivity of what is seen, greater than 0, at most 1
 * @param reflected the temperature of what is mirrored in it, in degrees Celsius; not a number when
 *     unknown
 */
record Mlx90640Settings(
    int bus,
    int address,
    TemperatureRange range,
    int rate,
    int resolution,
    double emissivity,
    double reflected) {
  private static final Set<String> OPTIONS =
      Set.of("low", "high", "rate", "resolution", "emissivity", "reflected", "address");
  private static final List<String> RATES = List.of("0.5", "1", "2", "4", "8", "16", "32", "64");
  private static final List<String> RESOLUTIONS = List.of("16", "17", "18", "19");

  /** What the pixels can measure. */
  private static final TemperatureRange SENSOR = new TemperatureRange(-40, 300);

  /** 256 values in steps of a tenth of a degree: people in a room. */
  private static final TemperatureRange ROOM = new TemperatureRange(15, 40.5);

  static Mlx90640Settings of(SensorSource source) {
    source.requireOptionsAmong(OPTIONS);
    return new Mlx90640Settings(
        I2cBus.numberOf(source),
        address(source),
        TemperatureRange.of(source, ROOM, SENSOR),
        code(source, "rate", "8", RATES),
        code(source, "resolution", "18", RESOLUTIONS),
        source.number("emissivity", 0.95, 0.1, 1),
        source.number("reflected", Double.NaN, SENSOR.low(), SENSOR.high()));
  }

  /** Measurements of a subpage in a second. */
  double subpagesPerSecond() {
    return Math.scalb(0.5, rate);
  }

  private static int code(
      SensorSource source, String option, String otherwise, List<String> values) {
    String text = source.options().getOrDefault(option, otherwise);
    int code = values.indexOf(text);
    if (code < 0) {
      throw new UserError(
          "sensor source \"%s\": option %s is \"%s\": give one of %s"
              .formatted(source, option, text, String.join(", ", values)));
    }
    return code;
  }

  private static int address(SensorSource source) {
    String text = source.options().getOrDefault("address", "0x33");
    if (text.matches("0x[0-7][0-9a-fA-F]")) {
      int address = Integer.parseInt(text.substring(2), 16);
      // The rest is reserved by the I²C specification.
      if (address >= 0x08 && address <= 0x77) {
        return address;
      }
    }
    throw new UserError(
        "sensor source \"%s\": option address is \"%s\": give 0x08 to 0x77"
            .formatted(source, text));
  }
}
