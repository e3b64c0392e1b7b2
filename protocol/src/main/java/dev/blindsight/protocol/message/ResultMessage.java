package dev.blindsight.protocol.message;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was recognised, as JSON on the device's {@code result} topic, for people and for Home
 * Assistant. Keys are in snake case.
 *
 * @param label the likeliest class
 * @param confidence its probability, 0..1
 * @param presence whether something is there, where the model's labels say so
 * @param top the likeliest classes, likeliest first
 * @param source where it was recognised
 * @param fallback whether the device answered because no worker did, in time or at all
 * @param latencyMs milliseconds from exposure to answer, at least 0
 * @param sequence the exposure's number, at least 0
 * @param capturedAt when it was read
 * @param guarantee how near the sensor the mask acted
 * @param modelId the model that answered, 1..128 characters
 * @param specId the readout's spec
 */
public record ResultMessage(
    String label,
    double confidence,
    @Nullable Boolean presence,
    List<Candidate> top,
    Source source,
    boolean fallback,
    double latencyMs,
    long sequence,
    Instant capturedAt,
    GuaranteeLevel guarantee,
    String modelId,
    SpecId specId) {
  private static final String NAME = "result message";
  private static final int LONGEST = 64 * 1024;

  /** Where a readout was classified. Written in lower case. */
  public enum Source {
    /** On the device. */
    LOCAL,
    /** By a worker. */
    REMOTE
  }

  /**
   * @throws IllegalArgumentException when a field is out of bounds
   */
  public ResultMessage {
    Fields.requireText("label", label, Fields.LONGEST_LABEL);
    Fields.requireModelId(modelId);
    top = List.copyOf(top);
    if (!(confidence >= 0.0 && confidence <= 1.0)) {
      throw new IllegalArgumentException("confidence is " + confidence);
    }
    if (top.size() > Fields.MOST_CANDIDATES) {
      throw new IllegalArgumentException(
          "top has %d candidates, more than %d".formatted(top.size(), Fields.MOST_CANDIDATES));
    }
    if (!(latencyMs >= 0.0 && latencyMs < Double.POSITIVE_INFINITY) || sequence < 0) {
      throw new IllegalArgumentException("latency_ms or sequence is negative");
    }
  }

  /** The message as JSON. */
  public String toJson() {
    return StrictMapper.json().write(this);
  }

  /**
   * Reads a message that arrived.
   *
   * @throws MalformedMessageException when the text is not a result message
   */
  public static ResultMessage parse(String json) throws MalformedMessageException {
    if (json.length() > LONGEST) {
      throw new MalformedMessageException(
          "%s has %d characters, more than %d".formatted(NAME, json.length(), LONGEST));
    }
    try {
      return StrictMapper.json().read(json, ResultMessage.class, NAME);
    } catch (UserError e) {
      throw new MalformedMessageException(e.getMessage(), e);
    }
  }
}
