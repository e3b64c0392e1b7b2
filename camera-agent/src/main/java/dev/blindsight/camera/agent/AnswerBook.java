package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.time.Duration;
import java.util.List;

/**
 * Counts what becomes of readouts and shows each answer to the observers, one at a time.
 * Thread-safe.
 */
final class AnswerBook {
  private final ReadoutSpec spec;
  private final GuaranteeLevel guarantee;
  private final BytePermutation toClear;
  private final List<AgentListener> observers;
  private long readouts;
  private long local;
  private long remote;
  private long lost;
  private long failed;
  private long labelled;
  private long correct;

  AnswerBook(ReadoutSpec spec, GuaranteeLevel guarantee, List<AgentListener> observers) {
    this.spec = spec;
    this.guarantee = guarantee;
    this.toClear = spec.permutation().inverse();
    this.observers = observers;
  }

  synchronized void captured() {
    readouts++;
  }

  synchronized void failed() {
    failed++;
  }

  /**
   * Counts a lost readout.
   *
   * @return whether it is the first
   */
  synchronized boolean lost() {
    lost++;
    return lost == 1;
  }

  synchronized void answered(
      Captured captured, Classification classification, Route route, Duration latency) {
    switch (route) {
      case LOCAL -> local++;
      case REMOTE -> remote++;
    }
    if (captured.expected() != null) {
      labelled++;
      correct += captured.expected().equals(classification.top().label()) ? 1 : 0;
    }
    if (!observers.isEmpty()) {
      Observation observation = observation(captured, classification, route, latency);
      observers.forEach(observer -> observer.observed(observation));
    }
  }

  private Observation observation(
      Captured captured, Classification classification, Route route, Duration latency) {
    Readout readout = captured.readout();
    byte[] wire = readout.toByteArray();
    byte[] kept = new byte[wire.length];
    for (int slot = 0; slot < kept.length; slot++) {
      kept[slot] = (byte) toClear.apply(Byte.toUnsignedInt(wire[slot]));
    }
    return new Observation(
        readout.device(),
        readout.capturedAt(),
        readout.sequence(),
        spec.geometry(),
        spec.mask(),
        guarantee,
        kept,
        wire,
        classification,
        route,
        latency,
        captured.expected(),
        local + remote,
        correct);
  }

  /**
   * @param duplicated counted elsewhere
   */
  synchronized AgentCounters counters(long duplicated) {
    return new AgentCounters(
        readouts, local + remote, local, remote, lost, duplicated, failed, labelled, correct);
  }
}
