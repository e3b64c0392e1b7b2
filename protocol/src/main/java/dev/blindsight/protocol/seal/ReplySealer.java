package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seals a worker's replies, each for the device that asked. Thread-safe.
 *
 * <p>Nonces are random, because workers share keys and no counter: rotate a device's keys before
 * 2^32 replies of one epoch (NIST SP 800-38D, section 8.3).
 */
public final class ReplySealer {
  private final DeviceKeys devices;

  /**
   * @param devices where the keys are
   */
  public ReplySealer(DeviceKeys devices) {
    this.devices = devices;
  }

  /**
   * Seals a reply.
   *
   * @param opened the request that it answers
   * @throws SealException {@link SealRejection#UNKNOWN_DEVICE} or {@link
   *     SealRejection#UNKNOWN_EPOCH} when the device's keys have been withdrawn since it asked
   */
  public byte[] seal(OpenedRequest opened, ClassificationReply reply) throws SealException {
    DeviceAddress device = opened.request().address();
    DeviceGrant grant =
        devices
            .find(device)
            .orElseThrow(() ->
                new SealException(
                    SealRejection.UNKNOWN_DEVICE,
                    "the grant of %s has been withdrawn".formatted(device)));
    Optional<SealKey> key = grant.keys(opened.epoch()).map(DeviceGrant.EpochKeys::replyKey);
    if (key.isEmpty()) {
      throw new SealException(
          SealRejection.UNKNOWN_EPOCH,
          "the keys of %s of epoch %d have been withdrawn".formatted(device, opened.epoch()));
    }
    EnvelopeHeader header =
        new EnvelopeHeader(
            EnvelopeKind.REPLY,
            opened.epoch(),
            Nonce.random(),
            opened.sequence(),
            device,
            reply.modelId());
    byte[] text = ClassificationReplyCodec.encode(reply);
    try {
      return Envelope.seal(header, key.get(), text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
