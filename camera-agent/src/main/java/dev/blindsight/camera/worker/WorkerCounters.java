package dev.blindsight.camera.worker;

/**
 * What a worker has done since it started.
 *
 * @param requests readout requests that arrived, repeated ones included
 * @param answered those classified
 * @param refused those answered with a refusal
 * @param repeated those whose request id had been answered before and got the same answer again
 * @param dropped messages that could not be answered at all: malformed, or without a response topic
 *     of their sender
 */
public record WorkerCounters(
    long requests, long answered, long refused, long repeated, long dropped) {}
