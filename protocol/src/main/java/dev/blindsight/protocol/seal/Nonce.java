package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * What makes each use of a key different: 4 and 8 bytes, big-endian.
 *
 * @param salt the first four bytes
 * @param counter the last eight
 */
record Nonce(int salt, long counter) {
  private static final SecureRandom RANDOM = new SecureRandom();

  static Nonce random() {
    return new Nonce(RANDOM.nextInt(), RANDOM.nextLong());
  }

  static Nonce read(ByteBuffer from) {
    return new Nonce(from.getInt(), from.getLong());
  }

  byte[] bytes() {
    return ByteBuffer.allocate(SealKey.NONCE_BYTES).putInt(salt).putLong(counter).array();
  }
}
