package dev.blindsight.camera.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be done, in lanes of things that can be done together. A taker gets the lane whose
 * first has waited longest, and of it as many as are there. Under load that alone makes batches:
 * while one is done the next gathers. Thread-safe.
 *
 * @param <T> what waits
 */
final class BatchQueue<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Lane<T>> lanes;
  private final int capacity;
  private int waiting;
  private long arrivals;
  private boolean closed;

  /**
   * @param largest for each lane, how many are taken together at most, at least 1
   * @param capacity how many may wait in all lanes together, at least 1
   * @param patience how long a taker waits for company where the batch before had some; zero to
   *     take only what is there
   */
  BatchQueue(List<Integer> largest, int capacity, Duration patience) {
    this.lanes = largest.stream().map(most -> new Lane<T>(most, patience.toNanos())).toList();
    this.capacity = capacity;
  }

  /**
   * What is done together.
   *
   * @param lane its lane's number
   * @param items in the order they came, at least one
   */
  record Batch<T>(int lane, List<T> items) {}

  private record Entry<T>(long arrival, T item) {}

  private static final class Lane<T> {
    private final int largest;
    private final long patience;
    private final Queue<Entry<T>> entries = new ArrayDeque<>();
    private boolean busy;

    Lane(int largest, long patience) {
      this.largest = largest;
      this.patience = patience;
    }

    long firstArrival() {
      Entry<T> first = entries.peek();
      return first == null ? Long.MAX_VALUE : first.arrival();
    }
  }

  /**
   * Adds to a lane.
   *
   * @param lane its number, from 0
   * @return false when too many wait, or nothing is taken any more
   */
  boolean offer(int lane, T item) {
    lock.lock();
    try {
      if (closed || waiting >= capacity) {
        return false;
      }
      lanes.get(lane).entries.add(new Entry<>(arrivals, item));
      arrivals++;
      waiting++;
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for something to do.
   *
   * @return empty when the queue is closed
   */
  Optional<Batch<T>> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting == 0) {
        if (closed) {
          return Optional.empty();
        }
        changed.await();
      }
      int first = longestWaiting();
      return Optional.of(new Batch<>(first, gather(lanes.get(first))));
    } finally {
      lock.unlock();
    }
  }

  private int longestWaiting() {
    int first = 0;
    for (int lane = 1; lane < lanes.size(); lane++) {
      if (lanes.get(lane).firstArrival() < lanes.get(first).firstArrival()) {
        first = lane;
      }
    }
    return first;
  }

  private List<T> gather(Lane<T> lane) throws InterruptedException {
    List<T> gathered = new ArrayList<>();
    drain(lane, gathered);
    // Alone in an idle worker, nobody is made to wait for others who do not come.
    long left = lane.busy ? lane.patience : 0;
    while (gathered.size() < lane.largest && left > 0 && !closed) {
      left = changed.awaitNanos(left);
      drain(lane, gathered);
    }
    lane.busy = gathered.size() > 1;
    if (waiting > 0) {
      // A signal for another lane, or for more than fits, may have ended here.
      changed.signal();
    }
    return gathered;
  }

  private void drain(Lane<T> lane, List<T> gathered) {
    while (gathered.size() < lane.largest && !lane.entries.isEmpty()) {
      gathered.add(lane.entries.remove().item());
      waiting--;
    }
  }

  /** Forgets what waits and takes nothing more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      lanes.forEach(lane -> lane.entries.clear());
      waiting = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
