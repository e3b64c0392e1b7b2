package dev.blindsight.camera.agent;

/**
 * What became of an agent's exposures since it started.
 *
 * @param readouts exposures read out
 * @param answered readouts with an answer: {@code local + remote}
 * @param local of those, answered on the device
 * @param remote of those, answered by a worker
 * @param lost readouts given up without an answer
 * @param duplicated replies of workers to readouts that had their answer already
 * @param failed exposures the sensor could not take
 * @param labelled answered readouts whose true label is known
 * @param correct of those, with the true label on top
 */
public record AgentCounters(
    long readouts,
    long answered,
    long local,
    long remote,
    long lost,
    long duplicated,
    long failed,
    long labelled,
    long correct) {}
