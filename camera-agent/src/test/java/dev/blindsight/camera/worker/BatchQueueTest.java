package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.worker.BatchQueue.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  @Test
  void take_someWait_givesThemTogetherInTheirOrder() throws InterruptedException {
    BatchQueue<String> queue = new BatchQueue<>(List.of(4), 10, Duration.ZERO);
    offerAll(queue, 0, "a", "b", "c");

    assertThat(queue.take()).contains(new Batch<>(0, List.of("a", "b", "c")));
  }

  @Test
  void take_moreThanTheLargestBatch_leavesTheRest() throws InterruptedException {
    BatchQueue<String> queue = new BatchQueue<>(List.of(2), 10, Duration.ZERO);
    offerAll(queue, 0, "a", "b", "c");

    assertThat(queue.take()).contains(new Batch<>(0, List.of("a", "b")));
    assertThat(queue.take()).contains(new Batch<>(0, List.of("c")));
  }

  @Test
  void take_severalLanes_beginsWithTheLongestWaiting() throws InterruptedException {
    BatchQueue<String> queue = new BatchQueue<>(List.of(4, 1), 10, Duration.ZERO);
    offerAll(queue, 1, "x");
    offerAll(queue, 0, "a", "b");
    offerAll(queue, 1, "y");

    assertThat(queue.take()).contains(new Batch<>(1, List.of("x")));
    assertThat(queue.take()).contains(new Batch<>(0, List.of("a", "b")));
    assertThat(queue.take()).contains(new Batch<>(1, List.of("y")));
  }

  @Test
  void take_aloneInAnIdleQueue_waitsForNobody() throws InterruptedException {
    BatchQueue<String> queue = new BatchQueue<>(List.of(4), 10, FOR_EVER);
    offerAll(queue, 0, "a");

    assertThat(queue.take()).contains(new Batch<>(0, List.of("a")));
  }

  @Test
  void take_afterABatchWithCompany_waitsForABatchToFill() throws Exception {
    BatchQueue<String> queue = new BatchQueue<>(List.of(2), 10, FOR_EVER);
    offerAll(queue, 0, "a", "b", "c");
    queue.take();
    CompletableFuture<Optional<Batch<String>>> second = taking(queue);

    offerAll(queue, 0, "d");

    assertThat(second.get()).contains(new Batch<>(0, List.of("c", "d")));
  }

  @Test
  void offer_full_isRefusedUntilSomethingIsTaken() throws InterruptedException {
    BatchQueue<String> queue = new BatchQueue<>(List.of(1, 1), 2, Duration.ZERO);
    offerAll(queue, 0, "a");
    offerAll(queue, 1, "b");

    assertThat(queue.offer(0, "c")).isFalse();
    queue.take();
    assertThat(queue.offer(0, "c")).isTrue();
  }

  @Test
  void close_endsWaitingTakersAndForgetsWhatWaits() throws Exception {
    BatchQueue<String> queue = new BatchQueue<>(List.of(1), 10, Duration.ZERO);
    CompletableFuture<Optional<Batch<String>>> taking = taking(queue);

    queue.close();

    assertThat(taking.get()).isEmpty();
    assertThat(queue.offer(0, "a")).isFalse();
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void take_byManyThreads_givesEachItemOnce() throws Exception {
    int items = 20_000;
    BatchQueue<Integer> queue = new BatchQueue<>(List.of(7, 3), items, Duration.ofNanos(1_000));
    ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
    List<Thread> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      takers.add(Thread.ofPlatform().start(() -> takeAll(queue, taken, items)));
    }

    for (int item = 0; item < items; item++) {
      assertThat(queue.offer(item % 2, item)).isTrue();
    }
    for (Thread taker : takers) {
      taker.join();
    }

    assertThat(taken).hasSize(items).doesNotHaveDuplicates();
  }

  private static void takeAll(
      BatchQueue<Integer> queue, ConcurrentLinkedQueue<Integer> taken, int items) {
    try {
      for (Optional<Batch<Integer>> batch = queue.take(); batch.isPresent(); batch = queue.take()) {
        taken.addAll(batch.get().items());
        if (taken.size() == items) {
          queue.close();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static CompletableFuture<Optional<Batch<String>>> taking(BatchQueue<String> queue) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @SafeVarargs
  private static <T> void offerAll(BatchQueue<T> queue, int lane, T... items) {
    for (T item : items) {
      assertThat(queue.offer(lane, item)).isTrue();
    }
  }
}
