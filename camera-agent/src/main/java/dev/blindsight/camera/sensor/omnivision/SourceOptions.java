package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.SensorGeometry;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source's options one by one, each with an error that names it and what it may be.
 *
 * @param source with options all of which are known
 */
public record SourceOptions(SensorSource source) {

  /**
   * The frame to read.
   *
   * @param sensor the sensor's name, for messages
   * @return the smallest that the geometry can be picked from, unless {@code size} says a larger
   */
  public FrameSize size(SensorGeometry geometry, String sensor) {
    FrameSize smallest = FrameSize.holding(geometry, sensor);
    @Nullable String text = source.options().get("size");
    if (text == null) {
      return smallest;
    }
    for (FrameSize size : FrameSize.values()) {
      if (size.option().equals(text)) {
        if (size.compareTo(smallest) >= 0) {
          return size;
        }
        throw wrong(
            "size",
            text,
            "the spec's %dx%d pixels need %s"
                .formatted(geometry.width(), geometry.height(), smallest));
      }
    }
    throw wrong("size", text, "give qqvga or qvga");
  }

  /** An option's whole number, or the standard one. */
  public int number(String option, int standard, int least, int most) {
    return (int) source.wholeNumber(option, standard, least, most);
  }

  /** A whole number written in an option or a part of it. */
  public int number(String option, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below, as a number out of range is.
    }
    throw wrong(option, text, "give a whole number from %d to %d".formatted(least, most));
  }

  /** An error that names an option. */
  public UserError wrong(String option, String text, String remedy) {
    return new UserError(
        "sensor source \"%s\": option %s is \"%s\": %s".formatted(source, option, text, remedy));
  }
}
