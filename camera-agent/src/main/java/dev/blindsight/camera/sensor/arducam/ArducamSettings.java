package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.omnivision.FrameWindow;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import dev.blindsight.camera.sensor.omnivision.SourceOptions;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source {@code arducam:bus.chipselect?option=value&…}.
 *
 * @param spiBus n of {@code /dev/spidevn.m}
 * @param chipSelect m
 * @param hertz SPI's clock
 * @param i2cBus n of {@code /dev/i2c-n}
 * @param format how a pixel is read
 * @param window which pixels are read
 * @param lead bytes that the FIFO gives before the first pixel
 * @param captureTimeout how long an exposure may take
 */
record ArducamSettings(
    int spiBus,
    int chipSelect,
    int hertz,
    int i2cBus,
    PixelFormat format,
    FrameWindow window,
    int lead,
    Duration captureTimeout) {
  private static final String NAME = "arducam";
  private static final Pattern LOCATION = Pattern.compile("(\\d)\\.(\\d)");
  private static final int STANDARD_HERTZ = 4_000_000;
  private static final int LEAST_HERTZ = 100_000;
  private static final int MOST_HERTZ = 8_000_000;
  private static final int HIGHEST_BUS = 99;
  private static final int LONGEST_LEAD = 16;
  private static final int LEAST_TIMEOUT_MILLIS = 10;
  private static final int MOST_TIMEOUT_MILLIS = 60_000;
  private static final Set<String> OPTIONS = Set.of("size", "i2c", "hertz", "lead", "timeout");

  /**
   * @throws UserError one line that names the option, when one is unknown or out of range
   */
  static ArducamSettings of(SensorSource source, SensorGeometry geometry) {
    source.requireOptionsAmong(OPTIONS);
    Matcher location = LOCATION.matcher(source.location());
    if (!location.matches()) {
      throw new UserError(
          "sensor source \"%s\": \"%s\" is no SPI bus and chip select: write 0.0 for /dev/spidev0.0"
              .formatted(source, source.location()));
    }
    SourceOptions options = new SourceOptions(source);
    return new ArducamSettings(
        Integer.parseInt(location.group(1)),
        Integer.parseInt(location.group(2)),
        options.number("hertz", STANDARD_HERTZ, LEAST_HERTZ, MOST_HERTZ),
        options.number("i2c", 1, 0, HIGHEST_BUS),
        PixelFormat.of(geometry, NAME),
        FrameWindow.of(options.size(geometry, NAME), geometry),
        options.number("lead", 0, 0, LONGEST_LEAD),
        Duration.ofMillis(
            options.number("timeout", 3_000, LEAST_TIMEOUT_MILLIS, MOST_TIMEOUT_MILLIS)));
  }
}
