package dev.blindsight.protocol.message;

/** Why a worker does not answer. */
public enum RefusalReason {
  /** The request's version or kind of payload is not understood. */
  UNSUPPORTED,
  /** The request could not be read. */
  MALFORMED,
  /** The worker does not have the model. */
  UNKNOWN_MODEL,
  /** The model was trained for another readout spec or another length. */
  SPEC_MISMATCH,
  /** The worker has too much to do: ask again later. */
  OVERLOADED,
  /** The worker failed. */
  FAILED,
  /** The request was sent too long ago, or in the future, by the worker's clock. */
  CLOCK,
  /**
   * The worker does not know the device or its key. The one refusal that travels unsealed in reply
   * to a sealed request, so it can be shown to a person and must not be obeyed.
   */
  NOT_ADMITTED
}
