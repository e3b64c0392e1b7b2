package dev.blindsight.camera.spool;

import dev.blindsight.protocol.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a spool keeps, and how: the {@code spool} part of an agent's configuration file.
 *
 * @param maxBytes how long its files may be together, 1 MiB..1 TiB; absent, 64 MiB
 * @param maxAgeSeconds after which an entry is given up, 1..31,536,000; absent, 86,400
 * @param order which entry goes first; absent, the oldest
 * @param fsync when entries are forced to the disk; absent, at intervals
 * @param fsyncMillis the interval, 10..60,000; absent, 1,000
 */
public record SpoolSettings(
    @Nullable Long maxBytes,
    @Nullable Integer maxAgeSeconds,
    @Nullable SpoolOrder order,
    @Nullable SyncPolicy fsync,
    @Nullable Integer fsyncMillis) {
  private static final long LEAST_BYTES = 1L << 20;
  private static final long MOST_BYTES = 1L << 40;
  private static final long DEFAULT_BYTES = 64L << 20;
  private static final int LONGEST_AGE = 365 * 86_400;
  private static final int DEFAULT_AGE = 86_400;
  private static final int SHORTEST_INTERVAL = 10;
  private static final int LONGEST_INTERVAL = 60_000;
  private static final int DEFAULT_INTERVAL = 1_000;

  /** The defaults. */
  public static final SpoolSettings STANDARD = new SpoolSettings(null, null, null, null, null);

  /**
   * @throws UserError when a value is out of range
   */
  public SpoolSettings {
    requireRange("max_bytes", maxBytes, LEAST_BYTES, MOST_BYTES);
    requireRange("max_age_seconds", maxAgeSeconds, 1, LONGEST_AGE);
    requireRange("fsync_millis", fsyncMillis, SHORTEST_INTERVAL, LONGEST_INTERVAL);
    if (fsyncMillis != null && fsync != null && fsync != SyncPolicy.INTERVAL) {
      throw new UserError("fsync_millis is for fsync: interval: remove it, or set fsync to that");
    }
  }

  private static void requireRange(String key, @Nullable Number value, long least, long most) {
    if (value != null && (value.longValue() < least || value.longValue() > most)) {
      throw new UserError("%s is %d: give %d to %d".formatted(key, value, least, most));
    }
  }

  /** How long the files may be together, in bytes. */
  public long maxBytesOrDefault() {
    return maxBytes == null ? DEFAULT_BYTES : maxBytes;
  }

  /** The age at which an entry is given up. */
  public Duration maxAge() {
    return Duration.ofSeconds(maxAgeSeconds == null ? DEFAULT_AGE : maxAgeSeconds);
  }

  SpoolOrder orderOrDefault() {
    return order == null ? SpoolOrder.OLDEST_FIRST : order;
  }

  SyncPolicy fsyncOrDefault() {
    return fsync == null ? SyncPolicy.INTERVAL : fsync;
  }

  Duration fsyncInterval() {
    return Duration.ofMillis(fsyncMillis == null ? DEFAULT_INTERVAL : fsyncMillis);
  }
}
