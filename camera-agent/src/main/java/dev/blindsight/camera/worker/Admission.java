package dev.blindsight.camera.worker;

import dev.blindsight.protocol.seal.DeviceKeys;
import dev.blindsight.protocol.seal.Freshness;
import java.util.Optional;

/**
 * Whose requests a worker answers.
 *
 * @param devices those whose sealed requests it opens
 * @param freshness how old a sealed request may be
 * @param acceptsPlain whether it also answers requests in the clear, whoever they are from
 */
public record Admission(DeviceKeys devices, Freshness freshness, boolean acceptsPlain) {

  /** Sealed requests only, as fresh as usual. */
  public static Admission of(DeviceKeys devices) {
    return new Admission(devices, Freshness.STANDARD, false);
  }

  /** Requests in the clear only. */
  public static Admission plain() {
    return new Admission(_ -> Optional.empty(), Freshness.STANDARD, true);
  }
}
