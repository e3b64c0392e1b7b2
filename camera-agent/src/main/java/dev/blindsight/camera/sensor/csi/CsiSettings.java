package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a source asks of a camera on a ribbon cable.
 *
 * @param source as written, for messages
 * @param camera its number, as {@code rpicam-vid --list-cameras} shows it
 * @param width pixels in a row that the program writes: a multiple of {@value #WIDTH_STEP}, for it
 *     pads other lines with bytes that nothing tells of
 * @param height rows: even
 * @param rate frames a second
 * @param shutter exposure in microseconds; absent, as the camera likes
 * @param timeout how long a frame may take
 * @param program to start; absent, the one that is installed
 * @param arguments further ones for the program
 */
record CsiSettings(
    SensorSource source,
    int camera,
    int width,
    int height,
    double rate,
    OptionalInt shutter,
    Duration timeout,
    Optional<String> program,
    List<String> arguments) {
  static final int WIDTH_STEP = 64;

  /** With this no plane of any ISP so far has padded lines, those of half the width included. */
  private static final int OWN_WIDTH_STEP = 128;

  private static final int MOST_SIDE = 8192;
  private static final Set<String> OPTIONS =
      Set.of("size", "rate", "shutter", "timeout", "program", "arguments");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final Pattern CAMERA = Pattern.compile("\\d{1,2}");
  private static final Pattern SPACES = Pattern.compile(" +");

  static CsiSettings of(SensorSource source, SensorGeometry geometry) {
    source.requireOptionsAmong(OPTIONS);
    if (!CAMERA.matcher(source.location()).matches()) {
      throw new UserError(
          "sensor source \"%s\": %s is no camera number: give one, as csi:0"
              .formatted(source, source.location()));
    }
    // The spec's shape, rounded up to lines without padding.
    int width = Math.ceilDiv(geometry.width(), OWN_WIDTH_STEP) * OWN_WIDTH_STEP;
    int height = (int) (Math.ceilDiv((long) width * geometry.height(), 2L * geometry.width()) * 2);
    String size = source.options().get("size");
    if (size != null) {
      Matcher sides = SIZE.matcher(size);
      width = sides.matches() ? Integer.parseInt(sides.group(1)) : 0;
      height = sides.matches() ? Integer.parseInt(sides.group(2)) : 0;
      if (!inRange(width, WIDTH_STEP) || !inRange(height, 2)) {
        throw refused(
            source,
            "size",
            "width x height, the width a multiple of %d, the height even, both up to %d, as 640x480"
                .formatted(WIDTH_STEP, MOST_SIDE));
      }
    } else if (!inRange(width, WIDTH_STEP) || !inRange(height, 2)) {
      throw new UserError(
          "sensor source \"%s\": for a spec of %dx%d the camera would have to give %dx%d: give option size, up to %d each"
              .formatted(source, geometry.width(), geometry.height(), width, height, MOST_SIDE));
    }
    double shutter = number(source, "shutter", 0, 1, 200_000_000, "microseconds");
    return new CsiSettings(
        source,
        Integer.parseInt(source.location()),
        width,
        height,
        number(source, "rate", 30, 0.1, 1000, "frames a second"),
        shutter == 0 ? OptionalInt.empty() : OptionalInt.of((int) shutter),
        Duration.ofMillis((long) number(source, "timeout", 5000, 100, 60_000, "milliseconds")),
        Optional.ofNullable(source.options().get("program")),
        arguments(source));
  }

  private static boolean inRange(int side, int step) {
    return side >= step && side <= MOST_SIDE && side % step == 0;
  }

  private static List<String> arguments(SensorSource source) {
    String text = source.options().getOrDefault("arguments", "").strip();
    return text.isEmpty() ? List.of() : SPACES.splitAsStream(text).toList();
  }

  private static double number(
      SensorSource source, String option, double otherwise, double least, int most, String unit) {
    String text = source.options().get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw refused(
        source,
        option,
        "%s from %s to %d"
            .formatted(unit, BigDecimal.valueOf(least).stripTrailingZeros().toPlainString(), most));
  }

  private static UserError refused(SensorSource source, String option, String wanted) {
    return new UserError(
        "sensor source \"%s\": option %s is \"%s\": give %s"
            .formatted(source, option, source.options().get(option), wanted));
  }

  /** The command line, after the program's name. */
  List<String> commandLine() {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("--camera", String.valueOf(camera)));
    line.addAll(List.of("--codec", "yuv420"));
    line.addAll(List.of("--width", String.valueOf(width), "--height", String.valueOf(height)));
    line.addAll(List.of("--framerate", String.valueOf(rate)));
    shutter.ifPresent(time -> line.addAll(List.of("--shutter", String.valueOf(time))));
    // Without an end, without a window, without a line of text for each frame.
    line.addAll(List.of("--timeout", "0", "--nopreview", "--verbose", "0"));
    // Otherwise the end of a frame waits in the program until the next.
    line.add("--flush");
    line.addAll(arguments);
    line.addAll(List.of("-o", "-"));
    return line;
  }
}
