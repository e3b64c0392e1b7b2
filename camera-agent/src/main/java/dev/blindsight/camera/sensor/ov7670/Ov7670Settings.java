package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.camera.sensor.omnivision.FrameWindow;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import dev.blindsight.camera.sensor.omnivision.SourceOptions;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A source {@code ov7670:bus?option=value&…}. Pins are lines of the GPIO chip, 0..27.
 *
 * @param bus n of {@code /dev/i2c-n}
 * @param format how a pixel is read
 * @param window which pixels are read
 * @param outputEnableKind when the outputs follow OE
 * @param verticalSync VSYNC
 * @param writeReset WRST
 * @param writeEnable WEN
 * @param readReset RRST
 * @param readClock RCK
 * @param outputEnable OE
 * @param readEnable RE; empty where the board ties it low
 * @param data D0 to D7
 * @param frameTimeout how long VSYNC may let wait
 */
record Ov7670Settings(
    int bus,
    PixelFormat format,
    FrameWindow window,
    OutputEnable outputEnableKind,
    int verticalSync,
    int writeReset,
    int writeEnable,
    int readReset,
    int readClock,
    int outputEnable,
    OptionalInt readEnable,
    List<Integer> data,
    Duration frameTimeout) {
  private static final String NAME = "ov7670";
  private static final int DATA_LINES = 8;
  private static final int HIGHEST_BUS = 99;
  private static final int LEAST_TIMEOUT_MILLIS = 10;
  private static final int MOST_TIMEOUT_MILLIS = 60_000;
  private static final Set<String> OPTIONS =
      Set.of(
          "size", "oe-acts", "vsync", "wrst", "wen", "rrst", "rck", "oe", "re", "data", "timeout");

  /**
   * @throws UserError one line that names the option, when one is unknown or out of range
   */
  static Ov7670Settings of(SensorSource source, SensorGeometry geometry) {
    source.requireOptionsAmong(OPTIONS);
    SourceOptions options = new SourceOptions(source);
    Ov7670Settings settings =
        new Ov7670Settings(
            options.number("bus", source.location(), 0, HIGHEST_BUS),
            PixelFormat.of(geometry, NAME),
            FrameWindow.of(options.size(geometry, NAME), geometry),
            outputEnable(options),
            line(options, "vsync", 17),
            line(options, "wrst", 27),
            line(options, "wen", 22),
            line(options, "rrst", 23),
            line(options, "rck", 24),
            line(options, "oe", 25),
            readEnable(options),
            data(options),
            Duration.ofMillis(
                options.number("timeout", 2_000, LEAST_TIMEOUT_MILLIS, MOST_TIMEOUT_MILLIS)));
    settings.requireDistinctLines(source);
    return settings;
  }

  private static OutputEnable outputEnable(SourceOptions options) {
    String text = options.source().options().getOrDefault("oe-acts", "clocked");
    return switch (text) {
      case "clocked" -> OutputEnable.CLOCKED;
      case "immediately" -> OutputEnable.IMMEDIATE;
      default -> throw options.wrong("oe-acts", text, "give clocked or immediately");
    };
  }

  private static int line(SourceOptions options, String option, int standard) {
    return options.number(option, standard, 0, Pins.HIGHEST_LINE);
  }

  private static OptionalInt readEnable(SourceOptions options) {
    @Nullable String text = options.source().options().get("re");
    return text == null
        ? OptionalInt.empty()
        : OptionalInt.of(options.number("re", text, 0, Pins.HIGHEST_LINE));
  }

  private static List<Integer> data(SourceOptions options) {
    String text = options.source().options().getOrDefault("data", "5,6,12,13,16,19,20,26");
    List<Integer> lines = new ArrayList<>();
    for (String line : text.split(",", -1)) {
      lines.add(options.number("data", line, 0, Pins.HIGHEST_LINE));
    }
    if (lines.size() != DATA_LINES) {
      throw options.wrong("data", text, "give eight lines, D0 to D7, as 5,6,12,13,16,19,20,26");
    }
    return List.copyOf(lines);
  }

  private void requireDistinctLines(SensorSource source) {
    Map<Integer, String> taken = new HashMap<>();
    List<Line> lines =
        new ArrayList<>(
            List.of(
                new Line("vsync", verticalSync),
                new Line("wrst", writeReset),
                new Line("wen", writeEnable),
                new Line("rrst", readReset),
                new Line("rck", readClock),
                new Line("oe", outputEnable)));
    readEnable.ifPresent(line -> lines.add(new Line("re", line)));
    data.forEach(line -> lines.add(new Line("data", line)));
    for (Line line : lines) {
      String other = taken.putIfAbsent(line.number(), line.option());
      if (other != null) {
        throw new UserError(
            "sensor source \"%s\": options %s and %s both name GPIO %d: give each wire its own"
                .formatted(source, other, line.option(), line.number()));
      }
    }
  }

  private record Line(String option, int number) {}
}
