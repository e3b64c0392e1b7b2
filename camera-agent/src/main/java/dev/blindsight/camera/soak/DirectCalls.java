package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that call a session as {@code bench} does: one run after the other. */
final class DirectCalls implements AutoCloseable {
  private final List<ReadoutBatch> batches = new ArrayList<>();
  private final ExecutorService threads;

  /**
   * @param batch readouts in one run
   * @throws UserError when the model takes no batches
   */
  DirectCalls(Model model, int threads, int batch) {
    for (int i = 0; i < threads; i++) {
      batches.add(model.batch(batch));
    }
    this.threads =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("direct-", 0).factory());
  }

  /** Readouts a second of all threads together, in a turn of some length. */
  double rate(SoakReadouts readouts, Duration slice) throws InterruptedException {
    List<Callable<Double>> calls = new ArrayList<>();
    for (ReadoutBatch batch : batches) {
      calls.add(() -> rate(batch, readouts, slice));
    }
    double sum = 0;
    for (Future<Double> rate : threads.invokeAll(calls)) {
      sum += value(rate);
    }
    return sum;
  }

  private static double rate(ReadoutBatch batch, SoakReadouts readouts, Duration slice) {
    List<byte[]> together = new ArrayList<>();
    long start = System.nanoTime();
    long done = 0;
    long nanos;
    do {
      together.clear();
      for (int i = 0; i < batch.size(); i++) {
        together.add(readouts.values((int) (done++ % readouts.size())));
      }
      batch.infer(together);
      nanos = System.nanoTime() - start;
    } while (nanos < slice.toNanos());
    return done * 1e9 / nanos;
  }

  private static double value(Future<Double> rate) throws InterruptedException {
    try {
      return rate.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.close();
    batches.forEach(ReadoutBatch::close);
  }
}
