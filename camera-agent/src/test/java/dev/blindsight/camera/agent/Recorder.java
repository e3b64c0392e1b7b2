package dev.blindsight.camera.agent;

import dev.blindsight.protocol.message.ResultMessage.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Remembers what an agent tells, and waits for what it has not told yet. */
final class Recorder implements AgentListener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final List<Observation> observations = new ArrayList<>();
  private final List<Long> spooled = new ArrayList<>();
  private final List<AgentState> states = new ArrayList<>();

  @Override
  public synchronized void observed(Observation observation) {
    observations.add(observation);
    notifyAll();
  }

  @Override
  public synchronized void stateChanged(String device, AgentState state, String detail) {
    states.add(state);
    notifyAll();
  }

  @Override
  public synchronized void spooled(String device, long sequence) {
    spooled.add(sequence);
    notifyAll();
  }

  synchronized List<Observation> observations() {
    return List.copyOf(observations);
  }

  synchronized List<AgentState> states() {
    return List.copyOf(states);
  }

  /** Waits until what has been told fulfils a condition. */
  synchronized void await(Predicate<Recorder> condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.test(this)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            "after %d observations and states %s".formatted(observations.size(), states));
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Waits until an agent is in a state. */
  void awaitState(AgentState state) throws InterruptedException {
    await(recorder -> !recorder.states.isEmpty() && recorder.states.getLast() == state);
  }

  /** Waits until so many readouts are in the spool. */
  void awaitSpooled(int readouts) throws InterruptedException {
    await(recorder -> recorder.spooled.size() >= readouts);
  }

  /** Waits for some more answers from a source. */
  void awaitMore(int answers, Source source) throws InterruptedException {
    long before = count(source);
    await(recorder -> recorder.count(source) >= before + answers);
  }

  synchronized long count(Source source) {
    return observations.stream().filter(observation -> observation.source() == source).count();
  }
}
