package dev.blindsight.camera.worker;

import dev.blindsight.camera.worker.InferenceCrew.Answer;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Outcome;
import dev.blindsight.protocol.message.ClassificationReply.Refusal;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.seal.DeviceKeys;
import dev.blindsight.protocol.seal.TranslationTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns a request into a reply: by the model it asks for, or with the reason why not. */
final class RequestAnswering {
  private final String worker;
  private final List<ModelCard> cards;
  private final InferenceCrew crew;
  private final DeviceKeys devices;
  private final boolean acceptsPlain;

  /**
   * @param worker the worker's name
   * @param cards of the models, in the crew's order
   * @param devices tell how readouts of another φ become the model's
   * @param acceptsPlain whether requests that came in the clear are answered
   */
  RequestAnswering(
      String worker,
      List<ModelCard> cards,
      InferenceCrew crew,
      DeviceKeys devices,
      boolean acceptsPlain) {
    this.worker = worker;
    this.cards = List.copyOf(cards);
    this.crew = crew;
    this.devices = devices;
    this.acceptsPlain = acceptsPlain;
  }

  /**
   * Answers a request.
   *
   * @return complete already when it is refused; otherwise completes on a thread of the crew
   */
  CompletableFuture<ClassificationReply> answer(Asked asked) {
    ReadoutRequest request = asked.request();
    if (asked.opened() == null && !acceptsPlain) {
      return refused(
          request,
          RefusalReason.UNSUPPORTED,
          "this worker answers sealed readouts only: set the device to remote.seal: sealed");
    }
    int model = find(request.modelId());
    if (model < 0) {
      return refused(
          request,
          RefusalReason.UNKNOWN_MODEL,
          "this worker does not have model %s: start one that does".formatted(request.modelId()));
    }
    ModelCard card = cards.get(model);
    if (request.payload().length() != card.inputLength()) {
      return refused(
          request,
          RefusalReason.SPEC_MISMATCH,
          "model %s takes %d bytes, the readout has %d"
              .formatted(card.name(), card.inputLength(), request.payload().length()));
    }
    return switch (request.payload()) {
      case ReadoutPayload.Plain plain -> ask(model, asked, plain.values());
    };
  }

  private int find(String modelId) {
    for (int model = 0; model < cards.size(); model++) {
      if (cards.get(model).name().equals(modelId)) {
        return model;
      }
    }
    return -1;
  }

  private CompletableFuture<ClassificationReply> ask(int model, Asked asked, byte[] values) {
    ReadoutRequest request = asked.request();
    ModelCard card = cards.get(model);
    if (!request.specId().equals(card.spec())) {
      Optional<TranslationTable> translation = translation(asked);
      if (translation.isEmpty()) {
        return refused(
            request,
            RefusalReason.SPEC_MISMATCH,
            "model %s is for readout spec %s, the readout is by %s, and no grant translates it"
                .formatted(card.name(), card.spec().abbreviated(), request.specId().abbreviated()));
      }
      translation.get().apply(values);
    }
    return crew.ask(model, values)
        .map(answer -> answer.handle((said, failure) -> reply(request, said, failure)))
        // Only when a broker sends far more than it was told it may.
        .orElseGet(
            () -> refused(request, RefusalReason.OVERLOADED, "this worker has all it can hold"));
  }

  /** Only for devices whose request shows that they are who they say. */
  private Optional<TranslationTable> translation(Asked asked) {
    ReadoutRequest request = asked.request();
    return asked.opened() == null
        ? Optional.empty()
        : devices
            .find(request.address())
            .flatMap(grant -> grant.translation(request.modelId(), request.specId()));
  }

  private ClassificationReply reply(
      ReadoutRequest request, @Nullable Answer said, @Nullable Throwable failure) {
    if (said == null || failure != null) {
      // The device must hear of it; the worker's log has the cause.
      return reply(
          request,
          Duration.ZERO,
          new Refusal(RefusalReason.FAILED, "the model failed on this worker"));
    }
    return reply(
        request, said.spent(), new ClassificationReply.Answer(said.classification().labels()));
  }

  private CompletableFuture<ClassificationReply> refused(
      ReadoutRequest request, RefusalReason reason, String detail) {
    return CompletableFuture.completedFuture(
        reply(request, Duration.ZERO, new Refusal(reason, detail)));
  }

  private ClassificationReply reply(ReadoutRequest request, Duration spent, Outcome outcome) {
    return new ClassificationReply(request.requestId(), request.modelId(), worker, spent, outcome);
  }
}
