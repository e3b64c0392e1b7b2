package dev.blindsight.protocol.keys;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys that seal what a device sends, receives and keeps, derived from its secret.
 *
 * <p>Label {@code seal}; context: the purpose in lower case, a zero byte, site, a zero byte,
 * device, a zero byte, and the key epoch as four bytes, big-endian. No name can contain a zero
 * byte, so no two sets of particulars give one context.
 */
public final class SealKeys {
  private static final String LABEL = "seal";

  private SealKeys() {}

  /**
   * The key for a purpose.
   *
   * @param epoch counts the device's rotations of keys, at least 1
   * @throws UserError when the epoch is out of range
   */
  public static SealKey derive(
      DeviceSecret secret, SealPurpose purpose, DeviceAddress device, int epoch) {
    if (epoch < 1) {
      throw new UserError("key epoch is %d: give 1 or more".formatted(epoch));
    }
    byte[] names =
        "%s\0%s\0%s\0"
            .formatted(purpose.contextName(), device.site(), device.device())
            .getBytes(StandardCharsets.US_ASCII);
    byte[] context =
        ByteBuffer.allocate(names.length + Integer.BYTES).put(names).putInt(epoch).array();
    byte[] derived = secret.derive(LABEL, context, SealKey.BYTES);
    try {
      return SealKey.of(derived);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }
}
