package dev.blindsight.protocol.seal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An envelope is not accepted. Nothing of what is inside was used.
 *
 * <p>A verdict about what arrived, not a failure of this program: it has no stack trace, so that
 * whoever sends many bad envelopes costs little.
 */
public final class SealException extends Exception {
  private static final long serialVersionUID = 1L;

  private final SealRejection reason;
  private final transient @Nullable OpenedRequest opened;

  SealException(SealRejection reason, String message) {
    this(reason, message, null);
  }

  SealException(SealRejection reason, String message, @Nullable OpenedRequest opened) {
    super(message, null, false, false);
    this.reason = reason;
    this.opened = opened;
  }

  /** Why. */
  public SealRejection reason() {
    return reason;
  }

  /**
   * The request, where it is authentic and only its time is wrong ({@link SealRejection#STALE},
   * {@link SealRejection#FROM_THE_FUTURE}): enough to seal a refusal that says so.
   */
  public Optional<OpenedRequest> opened() {
    return Optional.ofNullable(opened);
  }
}
