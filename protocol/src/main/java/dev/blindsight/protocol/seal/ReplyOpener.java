package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Opens the replies to one device. Thread-safe.
 *
 * <p>There is no replay window: a reply is matched to its request by the request id inside, and a
 * request has an answer once.
 */
public final class ReplyOpener {
  private final IntFunction<Optional<SealKey>> keys;
  private final DeviceAddress device;

  /**
   * @param keys the reply key of an epoch, empty when it is none of the device's
   * @param device who is answered
   */
  public ReplyOpener(IntFunction<Optional<SealKey>> keys, DeviceAddress device) {
    this.keys = keys;
    this.device = device;
  }

  /**
   * Opens a reply.
   *
   * @throws SealException with the reason why it is not accepted
   */
  public ClassificationReply open(byte[] payload) throws SealException {
    Envelope envelope = Envelope.read(payload, EnvelopeKind.REPLY);
    EnvelopeHeader header = envelope.header();
    if (!header.device().equals(device)) {
      throw new SealException(
          SealRejection.WRONG_DEVICE,
          "a reply to %s on a topic of %s".formatted(header.device(), device));
    }
    Optional<SealKey> key = keys.apply(header.epoch());
    if (key.isEmpty()) {
      throw new SealException(
          SealRejection.UNKNOWN_EPOCH,
          "a reply by keys of epoch %d, which this device does not use".formatted(header.epoch()));
    }
    byte[] text = envelope.open(key.get());
    try {
      ClassificationReply reply = ClassificationReplyCodec.decode(text);
      if (!reply.modelId().equals(header.modelId())) {
        throw new SealException(SealRejection.WRONG_DEVICE, "the reply inside names another model");
      }
      return reply;
    } catch (MalformedMessageException e) {
      throw new SealException(SealRejection.MALFORMED, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
