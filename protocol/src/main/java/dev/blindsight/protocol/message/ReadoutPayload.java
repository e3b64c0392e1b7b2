package dev.blindsight.protocol.message;

import java.util.Arrays;

/** The part of a readout request that carries the values. */
public sealed interface ReadoutPayload {
  /** The longest payload in bytes. */
  int LONGEST = 4 << 20;

  /** The payload's length in bytes. */
  int length();

  /** Kept, permuted values in mask order, as they are. */
  final class Plain implements ReadoutPayload {
    private final byte[] values;

    /**
     * @param values 1..{@link #LONGEST} bytes; copied
     */
    public Plain(byte[] values) {
      this.values = requireLength(values).clone();
    }

    /** The values; a copy. */
    public byte[] values() {
      return values.clone();
    }

    @Override
    public int length() {
      return values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Plain that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "Plain[%d bytes]".formatted(values.length);
    }
  }

  /** The same, encrypted and authenticated. */
  final class Sealed implements ReadoutPayload {
    private final int keyEpoch;
    private final byte[] envelope;

    /**
     * @param keyEpoch which of the device's rotating keys sealed it, at least 0
     * @param envelope nonce, ciphertext and tag, 1..{@link #LONGEST} bytes; copied
     */
    public Sealed(int keyEpoch, byte[] envelope) {
      if (keyEpoch < 0) {
        throw new IllegalArgumentException("key epoch is " + keyEpoch);
      }
      this.keyEpoch = keyEpoch;
      this.envelope = requireLength(envelope).clone();
    }

    /** Which of the device's rotating keys sealed it. */
    public int keyEpoch() {
      return keyEpoch;
    }

    /** Nonce, ciphertext and tag; a copy. */
    public byte[] envelope() {
      return envelope.clone();
    }

    @Override
    public int length() {
      return envelope.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Sealed that
          && keyEpoch == that.keyEpoch
          && Arrays.equals(envelope, that.envelope);
    }

    @Override
    public int hashCode() {
      return 31 * keyEpoch + Arrays.hashCode(envelope);
    }

    @Override
    public String toString() {
      return "Sealed[epoch %d, %d bytes]".formatted(keyEpoch, envelope.length);
    }
  }

  private static byte[] requireLength(byte[] bytes) {
    if (bytes.length < 1 || bytes.length > LONGEST) {
      throw new IllegalArgumentException(
          "payload has %d bytes, not 1..%d".formatted(bytes.length, LONGEST));
    }
    return bytes;
  }
}
