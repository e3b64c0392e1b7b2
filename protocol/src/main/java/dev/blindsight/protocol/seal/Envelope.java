package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;

/**
 * A sealed envelope, version 1: a header in the clear, the message encrypted by AES-256-GCM, the
 * tag. All of the header is associated data, so no byte of an envelope can be changed unnoticed.
 * Integers are big-endian.
 *
 * <pre>
 * offset  bytes  content
 *  0       3     ASCII "BSE"
 *  3       1     version, 1
 *  4       1     kind: 1 request, 2 reply, 3 at rest
 *  5       4     key epoch, 1..2^31-1
 *  9      12     nonce; unless in a reply, its last eight bytes are the sequence
 * 21       8     sequence, 0..2^63-1
 * 29       1+s   length of the site, and the site in ASCII
 *  …       1+d   length of the device, and the device in ASCII
 *  …       1+m   length of the model id, and the model id in UTF-8; empty at rest
 *  …       n     ciphertext
 *  …      16     tag
 * </pre>
 *
 * @param header what is in the clear
 * @param bytes all of the envelope
 * @param start where the ciphertext begins
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Envelope(EnvelopeHeader header, byte[] bytes, int start) {
  /** The longest text in bytes. */
  static final int LONGEST_TEXT = ReadoutRequestCodec.LONGEST;

  /** The longest envelope in bytes. */
  static final int LONGEST = EnvelopeHeader.LONGEST + LONGEST_TEXT + SealKey.TAG_BYTES;

  /** Seals a text under the header's nonce, which the key has never seen. */
  static byte[] seal(EnvelopeHeader header, SealKey key, byte[] text) {
    if (text.length > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "%d bytes are more than an envelope holds".formatted(text.length));
    }
    int sealed = text.length + SealKey.TAG_BYTES;
    byte[] envelope = header.followedBy(sealed);
    key.seal(header.nonce().bytes(), text, envelope, envelope.length - sealed);
    return envelope;
  }

  /**
   * Reads what an envelope says in the clear.
   *
   * @throws SealException {@link SealRejection#OVERSIZED}, {@link SealRejection#MALFORMED} or
   *     {@link SealRejection#UNSUPPORTED_VERSION}
   */
  static Envelope read(byte[] bytes, EnvelopeKind kind) throws SealException {
    if (bytes.length > LONGEST) {
      throw new SealException(
          SealRejection.OVERSIZED,
          "%d bytes are more than the %d of the longest envelope".formatted(bytes.length, LONGEST));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    EnvelopeHeader header = EnvelopeHeader.read(buffer, kind);
    if (buffer.remaining() < SealKey.TAG_BYTES) {
      throw new SealException(
          SealRejection.MALFORMED, "not a sealed envelope: there is no room for a tag");
    }
    return new Envelope(header, bytes, buffer.position());
  }

  /**
   * Opens the envelope.
   *
   * @return the text, which the caller overwrites after use
   * @throws SealException {@link SealRejection#NOT_AUTHENTIC}
   */
  byte[] open(SealKey key) throws SealException {
    try {
      return key.open(header.nonce().bytes(), bytes, start);
    } catch (AEADBadTagException _) {
      throw new SealException(
          SealRejection.NOT_AUTHENTIC,
          "%s sealed by another key than that of epoch %d, or changed on the way"
              .formatted(header.device(), header.epoch()));
    }
  }
}
