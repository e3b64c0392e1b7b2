package dev.blindsight.camera.agent;

import java.util.List;
import java.util.Optional;

/**
 * The requests that wait for their reply. A request leaves it only when its reply has arrived or it
 * is given up: the broker's acknowledgement is no reason, for it does not survive the broker.
 * Thread-safe.
 */
interface Outbox {

  /** Keeps a request. */
  void add(RemoteRequest request);

  /** The request with this id, if it still waits. */
  Optional<RemoteRequest> find(String requestId);

  /**
   * Takes a request out.
   *
   * @return empty when it does not wait, or no longer: whoever gets it deals with it, and nobody
   *     else
   */
  Optional<RemoteRequest> remove(String requestId);

  /** All that wait, in the order they were added. */
  List<RemoteRequest> waiting();
}
