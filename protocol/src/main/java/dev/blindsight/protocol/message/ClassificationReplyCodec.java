package dev.blindsight.protocol.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Classification replies as protobuf bytes: {@code blindsight.v1.ClassificationReply}. */
public final class ClassificationReplyCodec {
  /** The longest encoded reply in bytes. */
  public static final int LONGEST = 64 * 1024;

  private static final String NAME = "classification reply";

  private ClassificationReplyCodec() {}

  /** The reply as bytes. */
  public static byte[] encode(ClassificationReply reply) {
    var wire =
        dev.blindsight.protocol.message.wire.ClassificationReply.newBuilder()
            .setVersion(WireFormat.VERSION)
            .setRequestId(reply.requestId())
            .setModelId(reply.modelId())
            .setWorker(reply.worker())
            .setInferenceNanos(reply.inferenceTime().toNanos());
    switch (reply.outcome()) {
      case ClassificationReply.Answer answer -> wire.setAnswer(answer(answer));
      case ClassificationReply.Refusal refusal ->
          wire.setRefusal(
              dev.blindsight.protocol.message.wire.Refusal.newBuilder()
                  .setReason(wire(refusal.reason()))
                  .setDetail(refusal.detail()));
    }
    return wire.build().toByteArray();
  }

  private static dev.blindsight.protocol.message.wire.Answer answer(
      ClassificationReply.Answer answer) {
    var wire = dev.blindsight.protocol.message.wire.Answer.newBuilder();
    for (Candidate candidate : answer.top()) {
      wire.addTop(
          dev.blindsight.protocol.message.wire.Candidate.newBuilder()
              .setLabel(candidate.label())
              .setProbability((float) candidate.probability()));
    }
    return wire.build();
  }

  /**
   * Reads a reply that arrived. The length is checked before anything is parsed.
   *
   * @throws MalformedMessageException when the bytes are not a reply of this version, or a field is
   *     out of bounds
   */
  public static ClassificationReply decode(byte[] bytes) throws MalformedMessageException {
    return WireFormat.decode(
        NAME,
        bytes,
        LONGEST,
        dev.blindsight.protocol.message.wire.ClassificationReply.parser(),
        ClassificationReplyCodec::reply);
  }

  private static ClassificationReply reply(
      dev.blindsight.protocol.message.wire.ClassificationReply wire)
      throws MalformedMessageException {
    WireFormat.requireVersion(NAME, wire.getVersion());
    return new ClassificationReply(
        wire.getRequestId(),
        wire.getModelId(),
        wire.getWorker(),
        Duration.ofNanos(wire.getInferenceNanos()),
        outcome(wire));
  }

  private static ClassificationReply.Outcome outcome(
      dev.blindsight.protocol.message.wire.ClassificationReply wire)
      throws MalformedMessageException {
    return switch (wire.getOutcomeCase()) {
      case ANSWER -> new ClassificationReply.Answer(candidates(wire.getAnswer().getTopList()));
      case REFUSAL ->
          new ClassificationReply.Refusal(
              reason(wire.getRefusal().getReason()), wire.getRefusal().getDetail());
      case OUTCOME_NOT_SET ->
          throw new MalformedMessageException(NAME + ": there is neither answer nor refusal");
    };
  }

  private static List<Candidate> candidates(
      List<dev.blindsight.protocol.message.wire.Candidate> top) {
    List<Candidate> candidates = new ArrayList<>();
    for (var candidate : top) {
      candidates.add(new Candidate(candidate.getLabel(), candidate.getProbability()));
    }
    return candidates;
  }

  private static dev.blindsight.protocol.message.wire.RefusalReason wire(RefusalReason reason) {
    return switch (reason) {
      case UNSUPPORTED ->
          dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_UNSUPPORTED;
      case MALFORMED -> dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_MALFORMED;
      case UNKNOWN_MODEL ->
          dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_UNKNOWN_MODEL;
      case SPEC_MISMATCH ->
          dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_SPEC_MISMATCH;
      case OVERLOADED ->
          dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_OVERLOADED;
      case FAILED -> dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_FAILED;
      case CLOCK -> dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_CLOCK;
      case NOT_ADMITTED ->
          dev.blindsight.protocol.message.wire.RefusalReason.REFUSAL_REASON_NOT_ADMITTED;
    };
  }

  private static RefusalReason reason(dev.blindsight.protocol.message.wire.RefusalReason reason)
      throws MalformedMessageException {
    return switch (reason) {
      case REFUSAL_REASON_UNSUPPORTED -> RefusalReason.UNSUPPORTED;
      case REFUSAL_REASON_MALFORMED -> RefusalReason.MALFORMED;
      case REFUSAL_REASON_UNKNOWN_MODEL -> RefusalReason.UNKNOWN_MODEL;
      case REFUSAL_REASON_SPEC_MISMATCH -> RefusalReason.SPEC_MISMATCH;
      case REFUSAL_REASON_OVERLOADED -> RefusalReason.OVERLOADED;
      case REFUSAL_REASON_FAILED -> RefusalReason.FAILED;
      case REFUSAL_REASON_CLOCK -> RefusalReason.CLOCK;
      case REFUSAL_REASON_NOT_ADMITTED -> RefusalReason.NOT_ADMITTED;
      case REFUSAL_REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(NAME + ": reason is not a known one");
    };
  }
}
