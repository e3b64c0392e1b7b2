package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.util.Optional;

/** The devices that may ask this worker. Thread-safe. */
@FunctionalInterface
public interface DeviceKeys {
  /** What the worker holds for a device; empty when nobody has granted it anything. */
  Optional<DeviceGrant> find(DeviceAddress device);

  /**
   * As {@link #find}, asked when the grant that was found lacks the epoch a device uses: it may
   * have been replaced meanwhile.
   */
  default Optional<DeviceGrant> findAnew(DeviceAddress device) {
    return find(device);
  }
}
