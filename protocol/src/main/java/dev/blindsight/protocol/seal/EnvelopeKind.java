package dev.blindsight.protocol.seal;

/** What an envelope is for. */
enum EnvelopeKind {
  REQUEST(1),
  REPLY(2),
  AT_REST(3);

  private final byte code;

  EnvelopeKind(int code) {
    this.code = (byte) code;
  }

  /** The kind's byte in the header. */
  byte code() {
    return code;
  }

  /**
   * Whether the nonce ends in the sequence. Replies have random nonces: several workers answer with
   * one key and share no counter.
   */
  boolean counts() {
    return this != REPLY;
  }
}
