package dev.blindsight.camera.worker;

import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Refusal;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.seal.OpenedRequest;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a device why its sealed requests are not accepted, where that helps its owner: that its
 * clock is wrong, under seal; that the worker has no key that opens them, which can only be told in
 * the clear. Everything else is the work of somebody who gets no answer.
 */
final class RejectionNotice {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionNotice.class);

  /** In place of a request id and a model id, which nobody could read. */
  private static final String UNKNOWN = "unknown";

  private static final String NO_KEYS =
      "this worker has no grant that fits: write one with `provision grant` from this device's"
          + " secret and key epoch; its log says more";

  private final String worker;
  private final ReplySending replies;
  private final RefusalPace clocks;
  private final RefusalPace strangers;

  RejectionNotice(String worker, ReplySending replies, InstantSource clock) {
    this.worker = worker;
    this.replies = replies;
    this.clocks = new RefusalPace(clock);
    this.strangers = new RefusalPace(clock);
  }

  /** What a device is told, unless it was told lately. */
  Optional<ReplySending.Payload> of(DeviceAddress device, SealException why) {
    return switch (why.reason()) {
      case STALE, FROM_THE_FUTURE ->
          why.opened().filter(_ -> clocks.admits(device)).flatMap(opened -> ofClock(opened, why));
      case UNKNOWN_DEVICE, UNKNOWN_EPOCH, NOT_AUTHENTIC ->
          strangers.admits(device) ? Optional.of(toStranger(why)) : Optional.empty();
      case OVERSIZED, MALFORMED, UNSUPPORTED_VERSION, WRONG_DEVICE, REPLAYED, REORDERED ->
          Optional.empty();
    };
  }

  private Optional<ReplySending.Payload> ofClock(OpenedRequest opened, SealException why) {
    return replies.sealed(
        opened,
        refusal(
            opened.request().requestId(),
            opened.request().modelId(),
            RefusalReason.CLOCK,
            String.valueOf(why.getMessage())));
  }

  /** Anybody may hear it: which of the keys is missing or wrong stays in this worker's log. */
  private ReplySending.Payload toStranger(SealException why) {
    LOG.warn("not admitted: {}", why.getMessage());
    return ReplySending.plain(refusal(UNKNOWN, UNKNOWN, RefusalReason.NOT_ADMITTED, NO_KEYS));
  }

  private ClassificationReply refusal(
      String requestId, String modelId, RefusalReason reason, String detail) {
    return new ClassificationReply(
        requestId, modelId, worker, Duration.ZERO, new Refusal(reason, detail));
  }
}
