package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a source asks of a camera.
 *
 * @param path the device's file
 * @param width pixels in a row that are asked for
 * @param height rows
 * @param format the only one to take; absent, the one that fits the spec best
 * @param rate frames a second; absent, as the camera likes
 * @param timeout how long a frame may take
 */
record V4l2Settings(
    String path,
    int width,
    int height,
    Optional<PixelFormat> format,
    OptionalDouble rate,
    Duration timeout) {
  private static final Set<String> OPTIONS = Set.of("size", "format", "rate", "timeout");
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})");
  private static final Pattern INDEX = Pattern.compile("\\d{1,3}");
  private static final int MOST_PIXELS_A_SIDE = 16_384;

  static V4l2Settings of(SensorSource source, SensorGeometry geometry) {
    source.requireOptionsAmong(OPTIONS);
    int width = geometry.width();
    int height = geometry.height();
    String size = source.options().get("size");
    if (size != null) {
      Matcher sides = SIZE.matcher(size);
      if (!sides.matches() || side(sides.group(1)) == 0 || side(sides.group(2)) == 0) {
        throw refused(
            source,
            "size",
            size,
            "width x height of 1 to %d pixels, as 640x480".formatted(MOST_PIXELS_A_SIDE));
      }
      width = side(sides.group(1));
      height = side(sides.group(2));
    }
    String location = source.location();
    return new V4l2Settings(
        INDEX.matcher(location).matches() ? "/dev/video" + location : location,
        width,
        height,
        format(source),
        rate(source),
        Duration.ofMillis((long) number(source, "timeout", 5000, 100, 60_000)));
  }

  private static int side(@Nullable String digits) {
    int side = digits == null ? 0 : Integer.parseInt(digits);
    return side <= MOST_PIXELS_A_SIDE ? side : 0;
  }

  private static Optional<PixelFormat> format(SensorSource source) {
    String text = source.options().get("format");
    return switch (text) {
      case null -> Optional.empty();
      case "grey" -> Optional.of(PixelFormat.GREY);
      case "yuyv" -> Optional.of(PixelFormat.YUYV);
      default ->
          throw refused(
              source,
              "format",
              text,
              "grey or yuyv (compressed formats would have to be decoded to whole frames)");
    };
  }

  private static OptionalDouble rate(SensorSource source) {
    return source.options().containsKey("rate")
        ? OptionalDouble.of(number(source, "rate", 0, 0.1, 1000))
        : OptionalDouble.empty();
  }

  private static double number(
      SensorSource source, String option, double otherwise, double least, double most) {
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
    String range =
        option.equals("timeout")
            ? "milliseconds from 100 to 60000"
            : "frames a second from 0.1 to 1000";
    throw refused(source, option, text, range);
  }

  private static UserError refused(
      SensorSource source, String option, String given, String wanted) {
    return new UserError(
        "sensor source \"%s\": option %s is \"%s\": give %s"
            .formatted(source, option, given, wanted));
  }
}
