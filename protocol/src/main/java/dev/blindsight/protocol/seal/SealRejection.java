package dev.blindsight.protocol.seal;

/** Why an envelope is not accepted. */
public enum SealRejection {
  /** It is longer than any envelope may be. */
  OVERSIZED,
  /** It is not an envelope, not one of the kind that belongs here, or holds no message. */
  MALFORMED,
  /** It is an envelope of a version that this program does not know. */
  UNSUPPORTED_VERSION,
  /** The topic, the header and the message inside do not name one device and one model. */
  WRONG_DEVICE,
  /** Nobody has given this program keys of the device. */
  UNKNOWN_DEVICE,
  /** There are keys of the device, but not of this epoch. */
  UNKNOWN_EPOCH,
  /** Another key sealed it, or something was changed afterwards. */
  NOT_AUTHENTIC,
  /** It was accepted before. */
  REPLAYED,
  /**
   * It is so much older than what was accepted that nobody knows whether it was accepted before.
   */
  REORDERED,
  /** It was sent too long ago, or the clocks differ. */
  STALE,
  /** It will have been sent later than now: the clocks differ. */
  FROM_THE_FUTURE
}
