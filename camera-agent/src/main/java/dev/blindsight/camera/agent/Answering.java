package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.inference.InferenceException;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.Readout;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives answers: shows them to the observers, then publishes them. Thread-safe. */
final class Answering {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
  private static final int MOST_CANDIDATES = 10;

  private final AgentSetup setup;
  private final AnswerBook book;
  private final @Nullable Events events;
  private final Function<ResultMessage, CompletableFuture<?>> publisher;
  private final AtomicBoolean failureTold = new AtomicBoolean();
  private final AtomicBoolean lossTold = new AtomicBoolean();

  /**
   * @param events made of the answers; absent where nobody wants any
   * @param publisher sends a result; what it returns completes when that is done or has failed
   */
  Answering(
      AgentSetup setup,
      AnswerBook book,
      @Nullable Events events,
      Function<ResultMessage, CompletableFuture<?>> publisher) {
    this.setup = setup;
    this.book = book;
    this.events = events;
    this.publisher = publisher;
  }

  /** What the model on the device says, where there is one that works. */
  Optional<Classification> locally(Readout readout) {
    Model model = setup.model();
    if (model == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(model.classify(readout, MOST_CANDIDATES));
    } catch (InferenceException e) {
      if (failureTold.compareAndSet(false, true)) {
        LOG.warn("{}: {}; further failures are counted", setup.address(), e.getMessage());
      }
      return Optional.empty();
    }
  }

  /**
   * An answer of the model on the device.
   *
   * @param readout closed afterwards
   * @param fallback whether it stands in for a worker's
   * @return completes when it is published, or that has failed
   */
  CompletableFuture<?> local(
      Readout readout, Exposed exposed, Classification classification, boolean fallback) {
    return give(
        new Answer(
            readout,
            exposed.expected(),
            classification,
            ResultMessage.Source.LOCAL,
            fallback,
            setup.local().id(),
            exposed.latency()));
  }

  /**
   * An answer of a worker.
   *
   * @param readout closed afterwards
   * @return completes when it is published, or that has failed
   */
  CompletableFuture<?> remote(
      Readout readout, Exposed exposed, Classification classification, String modelId) {
    return give(
        new Answer(
            readout,
            exposed.expected(),
            classification,
            ResultMessage.Source.REMOTE,
            false,
            modelId,
            exposed.latency()));
  }

  /** No answer at all. */
  void lose(String reason) {
    book.lost();
    if (lossTold.compareAndSet(false, true)) {
      LOG.warn("{}: a readout is lost: {}; further ones are counted", setup.address(), reason);
    }
  }

  private CompletableFuture<?> give(Answer answer) {
    try (Readout readout = answer.readout()) {
      book.answered(answer);
      Classification classification = answer.classification();
      if (events != null) {
        events.answered(readout.capturedAt(), classification.labels());
      }
      int candidates = Math.min(MOST_CANDIDATES, classification.labels().size());
      return publisher.apply(
          new ResultMessage(
              classification.top().label(),
              classification.top().probability(),
              null,
              classification.labels().subList(0, candidates),
              answer.source(),
              answer.fallback(),
              answer.latency().toNanos() / 1e6,
              readout.sequence(),
              readout.capturedAt(),
              readout.guarantee(),
              answer.modelId(),
              readout.specId()));
    }
  }
}
