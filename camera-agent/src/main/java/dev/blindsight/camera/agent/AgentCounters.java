package dev.blindsight.camera.agent;

/**
 * What became of an agent's exposures since it started.
 *
 * @param readouts exposures read out
 * @param answered readouts with an answer, {@code local + remote}: also those that an earlier
 *     process has left in the spool
 * @param local of those, answered on the device
 * @param remote of those, answered by a worker
 * @param lost readouts given up without an answer, also those of an earlier process
 * @param refused readouts the spool did not take; lost, where there is no model on the device
 * @param expired readouts that waited in the spool for longer than it keeps them, likewise
 * @param resent transmissions of readouts that were sent before
 * @param duplicated replies of workers to readouts that had their answer already
 * @param rejected messages on the reply topic that were no genuine replies
 * @param failed exposures the sensor could not take
 * @param dropped exposures of a live sensor that a newer one replaced before their turn came
 * @param unchanged readouts that showed too little change to be answered
 * @param labelled answered readouts whose true label is known
 * @param correct of those, with the true label on top
 */
public record AgentCounters(
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
    long labelled,
    long correct) {}
