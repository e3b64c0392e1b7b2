package dev.blindsight.camera.agent;

import dev.blindsight.protocol.message.ReadoutRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A request on its way from the capture to its answer. Of the classifier's thread alone. */
final class RemoteRequest {
  private final String id;
  private final RemoteOutcome outcome;
  private final CompletableFuture<Long> kept;
  private final boolean restored;
  private @Nullable ReadoutRequest message;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> repetition;
  private boolean settled;
  private int sent;
  private long firstSentAt;

  /**
   * @param kept completes with its id in the spool; complete for a request of an earlier process
   */
  RemoteRequest(String id, RemoteOutcome outcome, CompletableFuture<Long> kept) {
    this.id = id;
    this.outcome = outcome;
    this.kept = kept;
    this.restored = kept.isDone();
  }

  String id() {
    return id;
  }

  RemoteOutcome outcome() {
    return outcome;
  }

  CompletableFuture<Long> kept() {
    return kept;
  }

  /** Whether an earlier process has left it. */
  boolean isRestored() {
    return restored;
  }

  /** Whether it is in the spool under this id. */
  boolean isKeptAs(long spoolId) {
    return kept.state() == Future.State.SUCCESS && kept.resultNow() == spoolId;
  }

  /** What is sent, once it has been taken from the spool. */
  @Nullable ReadoutRequest message() {
    return message;
  }

  void taken(ReadoutRequest message) {
    this.message = message;
  }

  void endsBy(Future<?> deadline) {
    this.deadline = deadline;
  }

  /**
   * It is sent once more.
   *
   * @return how often it has been, this time included
   */
  int countSent() {
    if (sent == 0) {
      firstSentAt = System.nanoTime();
    }
    return ++sent;
  }

  /** How long ago it was sent for the first time. */
  Duration sinceFirstSent() {
    return Duration.ofNanos(System.nanoTime() - firstSentAt);
  }

  void repeatsBy(Future<?> repetition) {
    cancel(this.repetition);
    this.repetition = repetition;
  }

  /** Whether it is told what became of it. */
  boolean isSettled() {
    return settled;
  }

  void settle() {
    settled = true;
    cancel(deadline);
    cancel(repetition);
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
