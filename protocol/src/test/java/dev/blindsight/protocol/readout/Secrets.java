package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.keys.DeviceSecret;

/** Secrets for known answers. */
final class Secrets {
  private Secrets() {}

  /** 00 01 02 ... 1f. */
  static DeviceSecret counting() {
    byte[] bytes = new byte[DeviceSecret.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return DeviceSecret.of(bytes);
  }
}
