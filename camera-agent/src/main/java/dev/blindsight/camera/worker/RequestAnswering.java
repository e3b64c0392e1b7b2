package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Answer;
import dev.blindsight.protocol.message.ClassificationReply.Outcome;
import dev.blindsight.protocol.message.ClassificationReply.Refusal;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.RefusalReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a request into a reply: by the model it asks for, or with the reason why not. Thread-safe.
 */
final class RequestAnswering {
  private static final Logger LOG = LoggerFactory.getLogger(RequestAnswering.class);
  private static final int MOST_CANDIDATES = 10;

  private final String worker;
  private final Map<String, Model> models = new HashMap<>();

  /**
   * @param worker the worker's name
   * @param models not closed here
   * @throws UserError when two models have one name
   */
  RequestAnswering(String worker, List<Model> models) {
    this.worker = worker;
    for (Model model : models) {
      if (this.models.put(model.id(), model) != null) {
        throw new UserError("two models are named %s: give each name once".formatted(model.id()));
      }
    }
  }

  ClassificationReply answer(ReadoutRequest request) {
    long start = System.nanoTime();
    Outcome outcome = outcome(request);
    Duration spent = Duration.ofNanos(System.nanoTime() - start);
    return new ClassificationReply(request.requestId(), request.modelId(), worker, spent, outcome);
  }

  private Outcome outcome(ReadoutRequest request) {
    Model model = models.get(request.modelId());
    if (model == null) {
      return new Refusal(
          RefusalReason.UNKNOWN_MODEL, "this worker does not have the model: start one that does");
    }
    if (!request.specId().equals(model.card().spec())) {
      return new Refusal(
          RefusalReason.SPEC_MISMATCH,
          "model %s is for readout spec %s, the readout is by %s"
              .formatted(
                  model.id(), model.card().spec().abbreviated(), request.specId().abbreviated()));
    }
    return switch (request.payload()) {
      case ReadoutPayload.Plain plain -> infer(model, plain.values());
    };
  }

  private static Outcome infer(Model model, byte[] values) {
    if (values.length != model.card().inputLength()) {
      return new Refusal(
          RefusalReason.SPEC_MISMATCH,
          "model %s takes %d bytes, the readout has %d"
              .formatted(model.id(), model.card().inputLength(), values.length));
    }
    try {
      return new Answer(model.classify(values, MOST_CANDIDATES).labels());
    } catch (RuntimeException e) {
      // Whatever failed, the device must hear of it and the other requests must go on.
      LOG.warn("{}", e.toString());
      return new Refusal(RefusalReason.FAILED, "the model failed on this worker");
    }
  }
}
