package dev.blindsight.firmware.provision;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes the secret of a device. */
public final class NewSecret {
  private NewSecret() {}

  /**
   * Writes a fresh secret as 64 hex digits, for the eyes of its owner only.
   *
   * @param file must not exist: a secret that is overwritten takes everything with it that was
   *     derived from it
   * @throws UserError when the file exists or cannot be written
   */
  public static void write(Path file) {
    byte[] secret = new byte[DeviceSecret.BYTES];
    new SecureRandom().nextBytes(secret);
    byte[] text = (HexFormat.of().formatHex(secret) + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      AtomicFile.createPrivate(file, text);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }
}
