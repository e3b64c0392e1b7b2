package dev.blindsight.camera.worker;

import dev.blindsight.protocol.seal.SealRejection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker has done since it started.
 *
 * @param requests messages that arrived, repeated ones included
 * @param answered requests classified
 * @param refused requests answered with a refusal
 * @param repeated requests whose id had been answered before and got the same answer again
 * @param dropped messages that could not be answered at all: malformed, or without a response topic
 *     of their sender
 * @param rejected sealed envelopes that were not accepted, by reason; without those that never
 *     occurred
 */
public record WorkerCounters(
    long requests,
    long answered,
    long refused,
    long repeated,
    long dropped,
    Map<SealRejection, Long> rejected) {

  public WorkerCounters {
    rejected = Map.copyOf(rejected);
  }

  /** One line for people. */
  public String summary() {
    String reasons = rejected.isEmpty() ? "" : ", rejected %s".formatted(new TreeMap<>(rejected));
    return "%d requests, %d answered, %d refused, %d repeated, %d dropped%s"
        .formatted(requests, answered, refused, repeated, dropped, reasons);
  }
}
