package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.topic.DeviceAddress;

/**
 * Seals what a device keeps on its disk. Under keys of its own, but by the same count of sequences
 * as its requests. Thread-safe.
 */
public final class AtRestSealer {
  private static final String NO_MODEL = "";

  private final SealKey key;
  private final DeviceAddress device;
  private final int epoch;
  private final int salt;
  private final UsedSequences used = new UsedSequences();

  /**
   * @param key for this device's disk in this epoch; closed by the caller
   * @param epoch at least 1
   * @param salt random, chosen when the count of sequences was begun
   */
  public AtRestSealer(SealKey key, DeviceAddress device, int epoch, int salt) {
    this.key = key;
    this.device = device;
    this.epoch = epoch;
    this.salt = salt;
  }

  /**
   * Seals a record.
   *
   * @param plain at most as long as the longest encoded request
   * @param sequence at least 0, never given to this key before, in this process or an earlier one
   */
  public byte[] seal(byte[] plain, long sequence) {
    used.use(sequence);
    EnvelopeHeader header =
        new EnvelopeHeader(
            EnvelopeKind.AT_REST, epoch, new Nonce(salt, sequence), sequence, device, NO_MODEL);
    return Envelope.seal(header, key, plain);
  }

  /**
   * Opens a record of this device and epoch, whichever process sealed it.
   *
   * @return the record, which the caller should overwrite after use
   * @throws SealException with the reason why it cannot be used
   */
  public byte[] open(byte[] sealed) throws SealException {
    Envelope envelope = Envelope.read(sealed, EnvelopeKind.AT_REST);
    EnvelopeHeader header = envelope.header();
    if (!header.device().equals(device) || !header.modelId().isEmpty()) {
      throw new SealException(
          SealRejection.WRONG_DEVICE,
          "a record of %s among those of %s".formatted(header.device(), device));
    }
    if (header.epoch() != epoch) {
      throw new SealException(
          SealRejection.UNKNOWN_EPOCH,
          "a record of key epoch %d, read by the key of epoch %d".formatted(header.epoch(), epoch));
    }
    return envelope.open(key);
  }
}
