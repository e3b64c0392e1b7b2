package dev.blindsight.protocol.message;

import java.time.Duration;
import java.util.List;

/**
 * A worker's answer to one readout request.
 *
 * @param requestId of the request
 * @param modelId the model that answered, or that was asked for
 * @param worker the worker's name, 1..128 characters
 * @param inferenceTime what the worker spent on inference, at least 0
 * @param outcome an answer or a refusal
 */
public record ClassificationReply(
    String requestId, String modelId, String worker, Duration inferenceTime, Outcome outcome) {
  /** The MQTT content type of an encoded reply. */
  public static final String CONTENT_TYPE =
      "application/vnd.blindsight.classification-reply+protobuf";

  /**
   * @throws IllegalArgumentException when a field is out of bounds
   */
  public ClassificationReply {
    Fields.requireRequestId(requestId);
    Fields.requireModelId(modelId);
    Fields.requireText("worker", worker, Fields.LONGEST_WORKER);
    if (inferenceTime.isNegative()) {
      throw new IllegalArgumentException("inference time is " + inferenceTime);
    }
  }

  /** What came of a request. */
  public sealed interface Outcome {}

  /**
   * The readout was classified.
   *
   * @param top the likeliest classes, likeliest first, 1..64
   */
  public record Answer(List<Candidate> top) implements Outcome {
    /**
     * @throws IllegalArgumentException when there is no candidate, too many, or they are out of
     *     order
     */
    public Answer {
      top = List.copyOf(top);
      if (top.isEmpty() || top.size() > Fields.MOST_CANDIDATES) {
        throw new IllegalArgumentException(
            "top has %d candidates, not 1..%d".formatted(top.size(), Fields.MOST_CANDIDATES));
      }
      for (int i = 1; i < top.size(); i++) {
        if (top.get(i).probability() > top.get(i - 1).probability()) {
          throw new IllegalArgumentException("top is not in order of probability");
        }
      }
    }
  }

  /**
   * The readout was not classified.
   *
   * @param reason why
   * @param detail one line for a person, 1..512 characters
   */
  public record Refusal(RefusalReason reason, String detail) implements Outcome {
    /**
     * @throws IllegalArgumentException when the detail is out of bounds
     */
    public Refusal {
      Fields.requireText("detail", detail, Fields.LONGEST_DETAIL);
    }
  }
}
