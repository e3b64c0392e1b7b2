package dev.blindsight.camera.worker;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How many readouts are answered together.
 *
 * @param largest readouts in one run of a model at most, 1..256; absent, 16. A model that gains
 *     nothing from company is given less
 * @param delayMicros how long the first waits for others while requests come thick, 0..100,000;
 *     absent, 0, which takes those that are there
 */
public record BatchSettings(@Nullable Integer largest, @Nullable Integer delayMicros) {
  private static final int MOST = 256;
  private static final int DEFAULT_LARGEST = 16;
  private static final int LONGEST_DELAY = 100_000;

  /** The defaults. */
  public static final BatchSettings STANDARD = new BatchSettings(null, null);

  /**
   * @throws UserError when a value is out of range
   */
  public BatchSettings {
    if (largest != null && (largest < 1 || largest > MOST)) {
      throw new UserError("largest is %d: give 1 to %d".formatted(largest, MOST));
    }
    if (delayMicros != null && (delayMicros < 0 || delayMicros > LONGEST_DELAY)) {
      throw new UserError("delay_micros is %d: give 0 to %d".formatted(delayMicros, LONGEST_DELAY));
    }
  }

  int largestOrDefault() {
    return largest == null ? DEFAULT_LARGEST : largest;
  }

  int delayMicrosOrDefault() {
    return delayMicros == null ? 0 : delayMicros;
  }
}
