package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.SensorSource;
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
        (int) source.wholeNumber("start", 0, 0, Integer.MAX_VALUE),
        (int) source.wholeNumber("step", 1, 1, Integer.MAX_VALUE),
        source.options().containsKey("count")
            ? source.wholeNumber("count", 1, 0, Integer.MAX_VALUE)
            : null,
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

  private static boolean flag(SensorSource source, String key) {
    String text = source.options().getOrDefault(key, "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw source.wrong(key, "give true or false");
    };
  }
}
