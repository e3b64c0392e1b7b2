package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.ExecutionProvider;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorTraffic;
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
 * @param refused readouts the spool did not take
 * @param expired readouts that waited in the spool for too long
 * @param resent transmissions of readouts that were sent before
 * @param duplicated replies to readouts that had their answer already
 * @param rejected messages on the reply topic that were no genuine replies
 * @param failed exposures the sensor could not take
 * @param dropped exposures that a newer one replaced before their turn came
 * @param unchanged readouts that showed too little change to be answered
 * @param idle why no exposures are taken though nothing is wrong; absent while they are
 * @param channels single channel values that came to the host's memory
 * @param busBytes bytes the sensor drove on its bus
 * @param faults what went wrong on the way to the sensor
 * @param memoryLocked whether memory with channel values is never swapped out
 * @param memoryUndumped whether core dumps leave it out
 * @param memoryShortcoming what could not be protected and why; absent when everything could
 * @param spoolDepth readouts that wait for their answer
 * @param spoolBytes how long the spool's files are together
 * @param problem what stands in the way, in one line; absent when nothing does
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
    long refused,
    long expired,
    long resent,
    long duplicated,
    long rejected,
    long failed,
    long dropped,
    long unchanged,
    @Nullable String idle,
    long channels,
    long busBytes,
    long faults,
    boolean memoryLocked,
    boolean memoryUndumped,
    @Nullable String memoryShortcoming,
    int spoolDepth,
    long spoolBytes,
    @Nullable String problem,
    @Nullable ExecutionProvider provider) {

  static DiagnosticsMessage of(
      AgentState state,
      ReadoutSensor sensor,
      MemoryProtection protection,
      AgentCounters counters,
      RemoteCounters asked,
      @Nullable String problem,
      @Nullable ExecutionProvider provider) {
    SensorTraffic traffic = sensor.traffic();
    return new DiagnosticsMessage(
        state,
        sensor.guarantee(),
        counters.readouts(),
        counters.answered(),
        counters.local(),
        counters.remote(),
        counters.lost(),
        counters.refused(),
        counters.expired(),
        counters.resent(),
        counters.duplicated(),
        counters.rejected(),
        counters.failed(),
        counters.dropped(),
        counters.unchanged(),
        sensor.idle().orElse(null),
        traffic.channels(),
        traffic.busBytes(),
        traffic.faults(),
        protection.locked(),
        protection.undumped(),
        protection.shortcoming(),
        asked.depth(),
        asked.bytes(),
        problem,
        provider);
  }

  String toJson() {
    return StrictMapper.json().write(this);
  }
}
