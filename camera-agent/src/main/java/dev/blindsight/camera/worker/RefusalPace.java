package dev.blindsight.camera.worker;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Lets a device be told something now and then, not each time: nobody who sends nonsense in a
 * device's name makes a worker busy, nor flood the device. Bounded: when too many devices were told
 * lately, no further one is. Thread-safe.
 */
final class RefusalPace {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final int MOST_DEVICES = 1024;

  private final InstantSource clock;
  // By the time each was told, the longest ago first.
  private final SequencedMap<DeviceAddress, Instant> told = new LinkedHashMap<>();

  RefusalPace(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether a device may be told now; then it may not for a while. */
  synchronized boolean admits(DeviceAddress device) {
    Instant now = clock.instant();
    Map.Entry<DeviceAddress, Instant> oldest = told.firstEntry();
    while (oldest != null && !now.isBefore(oldest.getValue().plus(PAUSE))) {
      told.pollFirstEntry();
      oldest = told.firstEntry();
    }
    return told.size() < MOST_DEVICES && told.putIfAbsent(device, now) == null;
  }
}
