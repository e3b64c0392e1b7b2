package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The part of an envelope that is not encrypted, but authenticated.
 *
 * @param kind what the envelope is for
 * @param epoch of the keys, at least 1
 * @param nonce of this envelope
 * @param sequence at least 0; the sealer's count, in replies that of the request
 * @param device whose envelope it is
 * @param modelId the model asked for, empty at rest
 */
record EnvelopeHeader(
    EnvelopeKind kind,
    int epoch,
    Nonce nonce,
    long sequence,
    DeviceAddress device,
    String modelId) {
  private static final byte[] MAGIC = {'B', 'S', 'E'};
  private static final byte VERSION = 1;
  private static final int FIXED_BYTES = 29;
  private static final int LONGEST_TEXT = 255;

  /** The longest header in bytes: two names and a model id, each behind its length. */
  static final int LONGEST = FIXED_BYTES + 2 * (1 + DeviceAddress.LONGEST_NAME) + 1 + LONGEST_TEXT;

  EnvelopeHeader {
    if (epoch < 1 || sequence < 0) {
      throw new IllegalArgumentException("epoch is %d, sequence %d".formatted(epoch, sequence));
    }
  }

  /**
   * The header at the beginning of an array that has as much room behind it.
   *
   * @param room bytes after the header
   */
  byte[] followedBy(int room) {
    byte[] site = device.site().getBytes(StandardCharsets.US_ASCII);
    byte[] name = device.device().getBytes(StandardCharsets.US_ASCII);
    byte[] model = modelId.getBytes(StandardCharsets.UTF_8);
    int length = FIXED_BYTES + 3 + site.length + name.length + model.length;
    ByteBuffer buffer =
        ByteBuffer.allocate(length + room)
            .put(MAGIC)
            .put(VERSION)
            .put(kind.code())
            .putInt(epoch)
            .put(nonce.bytes())
            .putLong(sequence);
    for (byte[] text : new byte[][] {site, name, model}) {
      if (text.length > LONGEST_TEXT) {
        throw new IllegalArgumentException("the model id has more than 255 bytes as UTF-8");
      }
      buffer.put((byte) text.length).put(text);
    }
    return buffer.array();
  }

  /**
   * Reads a header. Whether any of it is true, only opening the envelope shows.
   *
   * @param envelope its position moves to the ciphertext
   * @param kind the only one accepted
   * @throws SealException {@link SealRejection#MALFORMED} or {@link
   *     SealRejection#UNSUPPORTED_VERSION}
   */
  static EnvelopeHeader read(ByteBuffer envelope, EnvelopeKind kind) throws SealException {
    require(envelope.remaining() > MAGIC.length, "it is too short");
    for (byte expected : MAGIC) {
      require(envelope.get() == expected, "it does not begin with BSE");
    }
    byte version = envelope.get();
    if (version != VERSION) {
      throw new SealException(
          SealRejection.UNSUPPORTED_VERSION,
          "an envelope of version %d: this program reads version %d"
              .formatted(Byte.toUnsignedInt(version), VERSION));
    }
    require(envelope.remaining() >= FIXED_BYTES - MAGIC.length - 1, "it is too short");
    require(envelope.get() == kind.code(), "it is not of the kind that belongs here");
    int epoch = envelope.getInt();
    require(epoch >= 1, "its key epoch is out of range");
    Nonce nonce = Nonce.read(envelope);
    long sequence = envelope.getLong();
    require(sequence >= 0, "its sequence is out of range");
    require(!kind.counts() || nonce.counter() == sequence, "its nonce does not hold its sequence");
    DeviceAddress device = new DeviceAddress(name(envelope), name(envelope));
    return new EnvelopeHeader(kind, epoch, nonce, sequence, device, utf8(text(envelope)));
  }

  private static String name(ByteBuffer envelope) throws SealException {
    // Not ASCII, which would read every foreign byte as the same sign.
    String name = StandardCharsets.ISO_8859_1.decode(text(envelope)).toString();
    require(DeviceAddress.isName(name), "its site or device is not a name");
    return name;
  }

  private static String utf8(ByteBuffer text) throws SealException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException _) {
      throw malformed("its model id is not UTF-8");
    }
  }

  private static ByteBuffer text(ByteBuffer envelope) throws SealException {
    require(envelope.hasRemaining(), "it is too short");
    int length = Byte.toUnsignedInt(envelope.get());
    require(envelope.remaining() >= length, "it is too short");
    ByteBuffer text = envelope.slice(envelope.position(), length);
    envelope.position(envelope.position() + length);
    return text;
  }

  private static void require(boolean condition, String problem) throws SealException {
    if (!condition) {
      throw malformed(problem);
    }
  }

  private static SealException malformed(String problem) {
    return new SealException(SealRejection.MALFORMED, "not a sealed envelope: " + problem);
  }
}
