package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.message.ReadoutRequest;
import java.util.concurrent.CompletableFuture;

/** Told what becomes of one request: kept or not, then answered or failed, exactly once. */
interface RemoteOutcome {

  /** The request is on the disk; told on the spool's thread. */
  void spooled();

  /**
   * A worker has answered.
   *
   * @param request as it was asked
   * @return completes when the answer is out: until then the request stays in the spool
   */
  CompletableFuture<?> answered(ReadoutRequest request, Classification answer);

  /**
   * No worker will answer.
   *
   * @param reason one line for people
   * @return completes when that is dealt with: until then the request stays in the spool
   */
  CompletableFuture<?> failed(String reason);
}
