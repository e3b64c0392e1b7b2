package dev.blindsight.camera.worker;

import dev.blindsight.protocol.seal.SealRejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a worker does. Thread-safe. */
final class Tally {
  final LongAdder requests = new LongAdder();
  final LongAdder answered = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder repeated = new LongAdder();
  final LongAdder dropped = new LongAdder();
  private final Map<SealRejection, Long> rejected = new EnumMap<>(SealRejection.class);

  synchronized void rejected(SealRejection reason) {
    rejected.merge(reason, 1L, Long::sum);
  }

  synchronized WorkerCounters sums() {
    return new WorkerCounters(
        requests.sum(), answered.sum(), refused.sum(), repeated.sum(), dropped.sum(), rejected);
  }
}
