package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import java.util.concurrent.CompletableFuture;

/** A readout on its way to a worker and back. */
final class RemoteRequest {
  private final String id;
  private final OutgoingMessage message;
  private final long deadline;
  private final CompletableFuture<Classification> reply = new CompletableFuture<>();

  /**
   * @param id the request id
   * @param message sent as it is each time
   * @param deadline on the scale of {@link System#nanoTime()}, when it is given up
   */
  RemoteRequest(String id, OutgoingMessage message, long deadline) {
    this.id = id;
    this.message = message;
    this.deadline = deadline;
  }

  String id() {
    return id;
  }

  OutgoingMessage message() {
    return message;
  }

  boolean isOverdue() {
    return System.nanoTime() - deadline >= 0;
  }

  /** Completes with the answer; fails with {@link RemoteException} when there will be none. */
  CompletableFuture<Classification> reply() {
    return reply;
  }
}
