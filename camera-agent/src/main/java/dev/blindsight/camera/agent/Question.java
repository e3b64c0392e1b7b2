package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.readout.Readout;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A readout that workers are asked about: gives their answer, or the device's own in its place. */
final class Question implements RemoteOutcome {
  private final Answering answering;
  private final Exposed exposed;
  private final @Nullable Readout readout;
  private final @Nullable Classification doubtful;
  private final Runnable kept;
  private final Runnable done;

  /**
   * @param readout for the device's own answer; absent where there is no model on the device: then
   *     the spool alone holds it
   * @param doubtful the device's own answer, when there is one already
   * @param kept run once the request is in the spool
   * @param done run once the question is answered or given up
   */
  Question(
      Answering answering,
      Exposed exposed,
      @Nullable Readout readout,
      @Nullable Classification doubtful,
      Runnable kept,
      Runnable done) {
    this.answering = answering;
    this.exposed = exposed;
    this.readout = readout;
    this.doubtful = doubtful;
    this.kept = kept;
    this.done = done;
  }

  @Override
  public void spooled() {
    kept.run();
  }

  @Override
  public CompletableFuture<?> answered(ReadoutRequest request, Classification answer) {
    try {
      return answering.remote(readoutOf(request), exposed, answer, request.modelId());
    } finally {
      end();
    }
  }

  @Override
  public CompletableFuture<?> failed(String reason) {
    try {
      return fallBack(reason);
    } finally {
      end();
    }
  }

  private CompletableFuture<?> fallBack(String reason) {
    if (readout != null) {
      Optional<Classification> own =
          doubtful == null ? answering.locally(readout) : Optional.of(doubtful);
      if (own.isPresent()) {
        return answering.local(readout, exposed, own.get(), true);
      }
    }
    answering.lose(reason);
    return CompletableFuture.completedFuture(null);
  }

  private void end() {
    if (readout != null) {
      readout.close();
    }
    done.run();
  }

  /** The readout that a request carries. */
  static Readout readoutOf(ReadoutRequest request) {
    return switch (request.payload()) {
      case ReadoutPayload.Plain plain -> request.readout(plain.values());
    };
  }
}
