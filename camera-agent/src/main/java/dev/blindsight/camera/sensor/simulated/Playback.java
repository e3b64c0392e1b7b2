package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures are played, and how often.
 *
 * @param start the first picture's index
 * @param step from one picture to the next, at least 1: cameras with the same step and different
 *     starts share a set
 * @param count how many exposures in all; absent, each picture once
 * @param loop begin again at {@code start} after the last picture
 */
record Playback(int start, int step, @Nullable Long count, boolean loop) {

  static Playback of(SensorSource source) {
    return new Playback(
        (int) number(source, "start", 0, 0),
        (int) number(source, "step", 1, 1),
        source.options().containsKey("count") ? number(source, "count", 1, 0) : null,
        flag(source, "loop"));
  }

  /**
   * How many exposures are played of a set of pictures; {@link Long#MAX_VALUE} when it never ends.
   */
  long exposures(int pictures) {
    long all = loop ? Long.MAX_VALUE : inOneRound(pictures);
    return count == null ? all : Math.min(all, count);
  }

  /** The picture of the exposure with a sequence number. */
  int picture(long sequence, int pictures) {
    return (int) (start + sequence % inOneRound(pictures) * step);
  }

  private long inOneRound(int pictures) {
    return Math.max(0, Math.ceilDiv((long) pictures - start, step));
  }

  private static long number(SensorSource source, String key, long otherwise, long least) {
    String text = source.options().get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= Integer.MAX_VALUE) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw new UserError(
        "sensor source \"%s\": option %s is \"%s\": give a whole number from %d to %d"
            .formatted(source, key, text, least, Integer.MAX_VALUE));
  }

  private static boolean flag(SensorSource source, String key) {
    String text = source.options().getOrDefault(key, "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UserError(
              "sensor source \"%s\": option %s is \"%s\": give true or false"
                  .formatted(source, key, text));
    };
  }
}
