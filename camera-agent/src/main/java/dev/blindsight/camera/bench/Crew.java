package dev.blindsight.camera.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The threads that call: each has its own task, and all start together. */
final class Crew implements AutoCloseable {
  private final ExecutorService threads;
  private final CyclicBarrier start;

  Crew(int workers) {
    threads =
        Executors.newFixedThreadPool(workers, Thread.ofPlatform().name("bench-", 0).factory());
    start = new CyclicBarrier(workers);
  }

  /**
   * Has every worker run its task a number of times.
   *
   * @param tasks one for each worker
   * @param runs of each worker, at least 1
   */
  Block run(List<? extends Workload.Task> tasks, int runs) throws InterruptedException {
    List<Callable<Shift>> shifts = new ArrayList<>();
    for (Workload.Task task : tasks) {
      shifts.add(() -> shift(task, runs));
    }
    List<Shift> worked = new ArrayList<>();
    try {
      for (Future<Shift> shift : threads.invokeAll(shifts)) {
        worked.add(result(shift));
      }
    } catch (InterruptedException e) {
      // Whoever is interrupted closes sessions next: none may still run.
      close();
      throw e;
    }
    return Block.of(worked);
  }

  private Shift shift(Workload.Task task, int runs)
      throws InterruptedException, BrokenBarrierException {
    long[] times = new long[runs + 1];
    start.await();
    times[0] = System.nanoTime();
    for (int run = 1; run <= runs; run++) {
      task.run();
      times[run] = System.nanoTime();
    }
    return new Shift(times);
  }

  private static Shift result(Future<Shift> shift) throws InterruptedException {
    try {
      return shift.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
