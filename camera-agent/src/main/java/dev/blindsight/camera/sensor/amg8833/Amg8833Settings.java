package dev.blindsight.camera.sensor.amg8833;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.I2cBus;
import dev.blindsight.camera.sensor.thermal.TemperatureRange;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.Set;

/**
 * How an AMG8833 is used.
 *
 * @param bus the number of its I²C bus
 * @param address 0x68 or 0x69, by its pin AD_SELECT
 * @param range what the channel values stand for
 * @param period from one exposure to the next: a tenth of a second or a whole one
 */
record Amg8833Settings(int bus, int address, TemperatureRange range, Duration period) {
  private static final Set<String> OPTIONS = Set.of("low", "high", "rate", "address");

  /** What the pixels can measure. */
  private static final TemperatureRange SENSOR = new TemperatureRange(0, 80);

  /** 256 values in steps of a tenth of a degree: people in a room. */
  private static final TemperatureRange ROOM = new TemperatureRange(15, 40.5);

  static Amg8833Settings of(SensorSource source) {
    source.requireOptionsAmong(OPTIONS);
    return new Amg8833Settings(
        I2cBus.numberOf(source),
        address(source),
        TemperatureRange.of(source, ROOM, SENSOR),
        period(source));
  }

  private static int address(SensorSource source) {
    String text = source.options().getOrDefault("address", "0x69");
    return switch (text) {
      case "0x68" -> 0x68;
      case "0x69" -> 0x69;
      default ->
          throw new UserError(
              "sensor source \"%s\": option address is \"%s\": give 0x68 or 0x69"
                  .formatted(source, text));
    };
  }

  private static Duration period(SensorSource source) {
    String text = source.options().getOrDefault("rate", "10");
    return switch (text) {
      case "1" -> Duration.ofSeconds(1);
      case "10" -> Duration.ofMillis(100);
      default ->
          throw new UserError(
              "sensor source \"%s\": option rate is \"%s\": give 1 or 10 exposures a second"
                  .formatted(source, text));
    };
  }
}
