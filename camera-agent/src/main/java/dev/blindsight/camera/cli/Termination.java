package dev.blindsight.camera.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command that runs until it is told to stop (SIGINT, SIGTERM) as orderly as one that ends
 * by itself: the command's thread gets to close what it opened, and the process ends with exit code
 * 0.
 */
final class Termination implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 15;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = Thread.ofPlatform().name("termination").unstarted(this::terminate);

  Termination() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void terminate() {
    asked.complete(null);
    try {
      if (done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        // Otherwise the JVM would end with 128 and the signal's number, which says that something
        // went wrong.
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes when the process is told to stop. */
  CompletableFuture<Void> asked() {
    return asked.copy();
  }

  /** Waits until the process is told to stop. */
  void await() {
    asked.join();
  }

  /**
   * Waits a while for the process to be told to stop.
   *
   * @return whether it was
   */
  boolean await(Duration patience) {
    return asked
        .thenApply(_ -> true)
        .completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  /** The command has closed all it opened; nothing is left to do but to end. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // It runs, and ends the process.
    }
  }
}
