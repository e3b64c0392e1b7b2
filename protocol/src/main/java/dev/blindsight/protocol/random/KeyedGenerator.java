package dev.blindsight.protocol.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random permutations that only the holder of a key can compute.
 *
 * <p>The stream is HMAC-SHA-256 (RFC 2104, FIPS 180-4) in counter mode: block {@code i} = HMAC(key,
 * i) with {@code i} = 0, 1, 2, ... as 64 bits little-endian. Each block of 32 bytes gives eight
 * 32-bit words, little-endian, in order.
 *
 * <p>A number below {@code bound} is a word {@code x} taken modulo {@code bound}, after words with
 * {@code x >= 2^32 - (2^32 mod bound)} have been thrown away, so every value is equally likely.
 *
 * <p>A permutation starts as r = [0, 1, ..., n-1]; for i = 0, 1, ... it draws j below n-i and swaps
 * r[i] with r[i+j] (Fisher and Yates, Knuth volume 2, 3.4.2 P). No word is drawn when the bound is
 * 1.
 *
 * <p>Not thread-safe.
 */
public final class KeyedGenerator {
  /** The length of a key in bytes. */
  public static final int KEY_BYTES = 32;

  private static final long WORD_VALUES = 1L << Integer.SIZE;

  private final Mac mac;
  private final byte[] counterBytes = new byte[Long.BYTES];
  private final ByteBuffer counterBuffer =
      ByteBuffer.wrap(counterBytes).order(ByteOrder.LITTLE_ENDIAN);
  private final byte[] block = new byte[32];
  private final ByteBuffer words = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
  private long counter;

  /**
   * @param key {@value #KEY_BYTES} bytes, for this purpose only
   */
  public KeyedGenerator(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key has %d bytes, not %d".formatted(KEY_BYTES, key.length));
    }
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
    words.position(words.limit());
  }

  /** The next word of the stream, 0..2^32-1. */
  public long nextUnsignedInt() {
    if (!words.hasRemaining()) {
      refill();
    }
    return Integer.toUnsignedLong(words.getInt());
  }

  /**
   * The next number below {@code bound}, every value equally likely.
   *
   * @param bound at least 1
   */
  public int nextBelow(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is " + bound);
    }
    if (bound == 1) {
      return 0;
    }
    long limit = WORD_VALUES - WORD_VALUES % bound;
    long word = nextUnsignedInt();
    while (word >= limit) {
      word = nextUnsignedInt();
    }
    return (int) (word % bound);
  }

  /**
   * A permutation of 0..n-1 of which the first {@code settled} entries are drawn. Those entries do
   * not depend on {@code settled}, so shorter draws are prefixes of longer ones.
   *
   * @param n at least 1
   * @param settled 0..n
   */
  public int[] permutation(int n, int settled) {
    if (settled < 0 || settled > n) {
      throw new IllegalArgumentException("%d of %d entries".formatted(settled, n));
    }
    int[] permutation = new int[n];
    for (int i = 0; i < n; i++) {
      permutation[i] = i;
    }
    for (int i = 0; i < settled; i++) {
      int j = i + nextBelow(n - i);
      int swapped = permutation[i];
      permutation[i] = permutation[j];
      permutation[j] = swapped;
    }
    return permutation;
  }

  private void refill() {
    counterBuffer.putLong(0, counter++);
    mac.update(counterBytes);
    try {
      mac.doFinal(block, 0);
    } catch (ShortBufferException e) {
      throw new IllegalStateException("HMAC-SHA-256 gives 32 bytes", e);
    }
    words.clear();
  }
}
