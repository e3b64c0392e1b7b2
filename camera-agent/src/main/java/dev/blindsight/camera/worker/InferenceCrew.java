package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.camera.worker.BatchQueue.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that answer readouts. Each takes as many as wait for one model, up to what pays, and
 * has the model answer them in one run; what is done with an answer happens on the same thread.
 */
final class InferenceCrew implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceCrew.class);
  private static final int MOST_CANDIDATES = 10;

  private final List<ServedModel> models;
  private final BatchQueue<Question> queue;
  private final List<Thread> threads = new ArrayList<>();

  /** A readout on its way to an answer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Question(byte[] values, CompletableFuture<Answer> answer) {}

  /**
   * What a model said.
   *
   * @param classification the likeliest labels
   * @param spent how long the run took in which the readout was answered
   */
  record Answer(Classification classification, Duration spent) {}

  /**
   * Begins to wait for readouts.
   *
   * @param name of the worker, in the threads' names
   * @param models whom to ask, closed by the caller, after the crew
   * @param size how many threads, at least 1
   * @param capacity how many readouts may wait
   * @param patience as in {@link BatchQueue}
   */
  InferenceCrew(String name, List<ServedModel> models, int size, int capacity, Duration patience) {
    this.models = List.copyOf(models);
    this.queue =
        new BatchQueue<>(
            models.stream().map(served -> served.plan().largest()).toList(), capacity, patience);
    Thread.Builder builder = Thread.ofPlatform().daemon().name("worker-" + name + "-", 0);
    for (int i = 0; i < size; i++) {
      threads.add(builder.start(this::work));
    }
  }

  /**
   * Asks a model.
   *
   * @param model its place in the list
   * @param values of the length that the model takes; overwritten once they are answered
   * @return completes on a thread of the crew; empty when too many wait or the crew is at its end
   */
  Optional<CompletableFuture<Answer>> ask(int model, byte[] values) {
    Question question = new Question(values, new CompletableFuture<>());
    return queue.offer(model, question) ? Optional.of(question.answer()) : Optional.empty();
  }

  private void work() {
    List<ReadoutBatch> rooms =
        models.stream().map(served -> served.model().batch(served.plan().largest())).toList();
    try {
      for (Optional<Batch<Question>> batch = queue.take();
          batch.isPresent();
          batch = queue.take()) {
        answer(rooms.get(batch.get().lane()), batch.get().items());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      rooms.forEach(ReadoutBatch::close);
    }
  }

  private static void answer(ReadoutBatch room, List<Question> questions) {
    long start = System.nanoTime();
    try {
      List<Classification> answers =
          room.classify(questions.stream().map(Question::values).toList(), MOST_CANDIDATES);
      Duration spent = Duration.ofNanos(System.nanoTime() - start);
      for (int i = 0; i < questions.size(); i++) {
        questions.get(i).answer().complete(new Answer(answers.get(i), spent));
      }
    } catch (RuntimeException e) {
      failed(room, questions, e);
    } finally {
      // Nothing of a readout is left behind.
      questions.forEach(question -> Arrays.fill(question.values(), (byte) 0));
    }
  }

  /** One readout that a model fails on must not cost the others their answers. */
  private static void failed(ReadoutBatch room, List<Question> questions, RuntimeException reason) {
    if (questions.size() > 1) {
      questions.forEach(question -> answer(room, List.of(question)));
    } else {
      LOG.warn("{}", reason.toString());
      questions.getFirst().answer().completeExceptionally(reason);
    }
  }

  /** Forgets the readouts that wait and takes no more; waits for the runs that are under way. */
  @Override
  public void close() {
    queue.close();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
