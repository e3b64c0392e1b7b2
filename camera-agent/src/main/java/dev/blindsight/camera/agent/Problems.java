package dev.blindsight.camera.agent;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in the way of an agent. Each cause is logged when it appears, and not again for each
 * readout that meets it; the first that stands is what status and diagnostics show. Thread-safe.
 */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final Duration SILENCE = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 32;

  private final Object owner;
  private final Runnable changed;
  private final Map<Cause, String> standing = new EnumMap<>(Cause.class);
  private final Map<String, Long> logged =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Where a problem comes from; the first matters most. */
  enum Cause {
    /** The sensor takes no exposures. */
    SENSOR,
    /** There is no connection to the broker. */
    CONNECTION,
    /** The broker does not take readouts. */
    RIGHTS,
    /** The broker does not take results. */
    RESULTS,
    /** Workers do not know the device. */
    ADMISSION,
    /** The device's clock and a worker's differ. */
    CLOCK,
    /** Workers cannot answer. */
    WORKERS,
    /** Nothing can be sealed. */
    SEALING,
    /** The disk, or the room on it. */
    SPOOL,
    /** No worker is connected: no harm yet while readouts can wait. */
    ABSENCE
  }

  /**
   * @param owner whose problems they are, for the log
   * @param changed run after each change, on the thread that made it
   */
  Problems(Object owner, Runnable changed) {
    this.owner = owner;
    this.changed = changed;
  }

  /**
   * A problem stands.
   *
   * @param line one line for people
   */
  void report(Cause cause, String line) {
    synchronized (this) {
      long now = System.nanoTime();
      Long last = logged.get(line);
      if (last == null || now - last > SILENCE.toNanos()) {
        logged.put(line, now);
        LOG.warn("{}: {}", owner, line);
      }
      if (line.equals(standing.put(cause, line))) {
        return;
      }
    }
    changed.run();
  }

  /** Whatever came from there is over. */
  void clear(Cause cause) {
    synchronized (this) {
      if (standing.remove(cause) == null) {
        return;
      }
    }
    changed.run();
  }

  /** The problem that matters most, in one line. */
  synchronized @Nullable String current() {
    return standing.values().stream().findFirst().orElse(null);
  }
}
