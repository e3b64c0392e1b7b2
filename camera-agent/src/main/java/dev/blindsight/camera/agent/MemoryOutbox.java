package dev.blindsight.camera.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An outbox that lives as long as the process. The agent's window bounds it. */
final class MemoryOutbox implements Outbox {
  private final Map<String, RemoteRequest> requests = new LinkedHashMap<>();

  @Override
  public synchronized void add(RemoteRequest request) {
    requests.put(request.id(), request);
  }

  @Override
  public synchronized Optional<RemoteRequest> find(String requestId) {
    return Optional.ofNullable(requests.get(requestId));
  }

  @Override
  public synchronized Optional<RemoteRequest> remove(String requestId) {
    return Optional.ofNullable(requests.remove(requestId));
  }

  @Override
  public synchronized List<RemoteRequest> waiting() {
    return List.copyOf(requests.values());
  }
}
