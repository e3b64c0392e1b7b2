package dev.blindsight.protocol.message;

import com.google.protobuf.ByteString;
import dev.blindsight.protocol.message.wire.SealedBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several sealed envelopes in one MQTT message: {@code blindsight.v1.SealedBatch}. A message costs
 * a client and a broker more than a small envelope does; together they cost it once.
 */
public final class SealedBatchCodec {
  /** The MQTT content type. */
  public static final String CONTENT_TYPE = "application/vnd.blindsight.sealed-batch+protobuf";

  /** The most envelopes in a batch. */
  public static final int MOST = 64;

  /** The longest batch in bytes. Longer envelopes travel alone. */
  public static final int LONGEST = 128 << 10;

  private static final String NAME = "sealed batch";

  private SealedBatchCodec() {}

  /**
   * A batch as bytes.
   *
   * @param envelopes 1..{@link #MOST}, none empty
   */
  public static byte[] encode(List<byte[]> envelopes) {
    if (envelopes.isEmpty() || envelopes.size() > MOST) {
      throw new IllegalArgumentException("a batch of %d envelopes".formatted(envelopes.size()));
    }
    SealedBatch.Builder wire = SealedBatch.newBuilder().setVersion(WireFormat.VERSION);
    envelopes.forEach(envelope -> wire.addEnvelopes(ByteString.copyFrom(envelope)));
    return wire.build().toByteArray();
  }

  /**
   * Reads a batch that arrived; what is in its envelopes is another matter.
   *
   * @return 1..{@link #MOST} envelopes, none empty
   * @throws MalformedMessageException when the bytes are no batch of this version, or out of bounds
   */
  public static List<byte[]> decode(byte[] bytes) throws MalformedMessageException {
    return WireFormat.decode(
        NAME, bytes, LONGEST, SealedBatch.parser(), SealedBatchCodec::envelopes);
  }

  /**
   * What a message carries: the envelopes of a batch, or its payload alone.
   *
   * @param contentType of the message, if it tells one
   * @throws MalformedMessageException when it says it is a batch, and is none
   */
  public static List<byte[]> payloads(@Nullable String contentType, byte[] payload)
      throws MalformedMessageException {
    return CONTENT_TYPE.equals(contentType) ? decode(payload) : List.of(payload);
  }

  private static List<byte[]> envelopes(SealedBatch wire) throws MalformedMessageException {
    WireFormat.requireVersion(NAME, wire.getVersion());
    int count = wire.getEnvelopesCount();
    if (count < 1 || count > MOST) {
      throw new MalformedMessageException(
          "%s: there are %d envelopes, not 1..%d".formatted(NAME, count, MOST));
    }
    if (wire.getEnvelopesList().stream().anyMatch(ByteString::isEmpty)) {
      throw new MalformedMessageException(NAME + ": an envelope is empty");
    }
    return wire.getEnvelopesList().stream().map(ByteString::toByteArray).toList();
  }
}
