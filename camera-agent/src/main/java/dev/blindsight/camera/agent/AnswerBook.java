package dev.blindsight.camera.agent;

import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
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
  private long unchanged;
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

  synchronized void unchanged() {
    unchanged++;
  }

  synchronized void lost() {
    lost++;
  }

  synchronized void answered(Answer answer) {
    switch (answer.source()) {
      case LOCAL -> local++;
      case REMOTE -> remote++;
    }
    if (answer.expected() != null) {
      labelled++;
      correct += answer.expected().equals(answer.classification().top().label()) ? 1 : 0;
    }
    if (!observers.isEmpty()) {
      Observation observation = observation(answer);
      observers.forEach(observer -> observer.observed(observation));
    }
  }

  private Observation observation(Answer answer) {
    Readout readout = answer.readout();
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
        answer.classification(),
        answer.source(),
        answer.fallback(),
        answer.latency(),
        answer.expected(),
        local + remote,
        correct);
  }

  /**
   * @param asked counted elsewhere
   * @param dropped counted elsewhere
   */
  synchronized AgentCounters counters(RemoteCounters asked, long dropped) {
    return new AgentCounters(
        readouts,
        local + remote,
        local,
        remote,
        lost,
        asked.refused(),
        asked.expired(),
        asked.resent(),
        asked.duplicated(),
        asked.rejected(),
        failed,
        dropped,
        unchanged,
        labelled,
        correct);
  }
}
