package dev.blindsight.protocol.message;

import com.google.protobuf.ByteString;

/**
 * The part of a readout request that carries the values. There is one kind; the schema leaves room
 * for others.
 */
public sealed interface ReadoutPayload {
  /** The longest payload in bytes. */
  int LONGEST = 4 << 20;

  /** The payload's length in bytes. */
  int length();

  /** Kept, permuted values in mask order, as they are. */
  final class Plain implements ReadoutPayload {
    // Immutable, so that between the wire and the caller's copy nothing need be copied.
    private final ByteString values;

    /**
     * @param values 1..{@link #LONGEST} bytes; copied
     */
    public Plain(byte[] values) {
      this(ByteString.copyFrom(values));
    }

    Plain(ByteString values) {
      if (values.isEmpty() || values.size() > LONGEST) {
        throw new IllegalArgumentException(
            "payload has %d bytes, not 1..%d".formatted(values.size(), LONGEST));
      }
      this.values = values;
    }

    ByteString shared() {
      return values;
    }

    /** The values; a copy. */
    public byte[] values() {
      return values.toByteArray();
    }

    @Override
    public int length() {
      return values.size();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Plain that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
      return values.hashCode();
    }

    @Override
    public String toString() {
      return "Plain[%d bytes]".formatted(values.size());
    }
  }
}
