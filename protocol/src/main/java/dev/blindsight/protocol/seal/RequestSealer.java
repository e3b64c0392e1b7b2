package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Instant;
import java.util.Arrays;

/** Seals a device's requests. Every transmission is sealed anew. Thread-safe. */
public final class RequestSealer {
  private final SealKey key;
  private final DeviceAddress device;
  private final int epoch;
  private final int salt;
  private final UsedSequences used = new UsedSequences();

  /**
   * @param key for requests of this device in this epoch; closed by the caller
   * @param epoch at least 1
   * @param salt random, chosen when the count of sequences was begun
   */
  public RequestSealer(SealKey key, DeviceAddress device, int epoch, int salt) {
    this.key = key;
    this.device = device;
    this.epoch = epoch;
    this.salt = salt;
  }

  /**
   * Seals a request for one transmission.
   *
   * @param sequence at least 0, never given to this key before, in this process or an earlier one
   * @param sentAt now, by the device's clock
   */
  public byte[] seal(ReadoutRequest request, long sequence, Instant sentAt) {
    if (!request.address().equals(device)) {
      throw new IllegalArgumentException(
          "a request of %s, sealed by the key of %s".formatted(request.address(), device));
    }
    used.use(sequence);
    EnvelopeHeader header =
        new EnvelopeHeader(
            EnvelopeKind.REQUEST,
            epoch,
            new Nonce(salt, sequence),
            sequence,
            device,
            request.modelId());
    byte[] text = ReadoutRequestCodec.encode(request.sentAt(sentAt));
    try {
      return Envelope.seal(header, key, text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
