package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.ExecutionProvider;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import org.jspecify.annotations.Nullable;

/**
 * An agent's counters and health, as JSON on the device's {@code diagnostics} topic. Keys are in
 * snake case.
 *
 * @param state what the agent is doing
 * @param guarantee how near the sensor the mask acts
 * @param readouts exposures read out
 * @param answered readouts with an answer
 * @param local of those, answered on the device
 * @param remote of those, answered by a worker
 * @param lost readouts given up without an answer
 * @param duplicated replies to readouts that had their answer already
 * @param failed exposures the sensor could not take
 * @param spoolDepth requests that wait for their reply
 * @param provider what the model on the device runs on; absent where there is none
 */
record DiagnosticsMessage(
    AgentState state,
    GuaranteeLevel guarantee,
    long readouts,
    long answered,
    long local,
    long remote,
    long lost,
    long duplicated,
    long failed,
    int spoolDepth,
    @Nullable ExecutionProvider provider) {

  static DiagnosticsMessage of(
      AgentState state,
      GuaranteeLevel guarantee,
      AgentCounters counters,
      int spoolDepth,
      @Nullable ExecutionProvider provider) {
    return new DiagnosticsMessage(
        state,
        guarantee,
        counters.readouts(),
        counters.answered(),
        counters.local(),
        counters.remote(),
        counters.lost(),
        counters.duplicated(),
        counters.failed(),
        spoolDepth,
        provider);
  }

  String toJson() {
    return StrictMapper.json().write(this);
  }
}
