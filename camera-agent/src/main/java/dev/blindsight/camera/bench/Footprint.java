package dev.blindsight.camera.bench;

import org.jspecify.annotations.Nullable;

/**
 * What one model costs a process that does nothing else.
 *
 * @param loadMs how long loading it takes when it is not the first model of the process, in
 *     milliseconds
 * @param firstAnswerMs from the start of the Java virtual machine to the first answer, in
 *     milliseconds
 * @param rssMb resident memory after some answers, in 10^6 bytes; null where the system does not
 *     tell
 * @param peakRssMb the most it was, in 10^6 bytes; null where the system does not tell
 */
record Footprint(
    double loadMs, double firstAnswerMs, @Nullable Double rssMb, @Nullable Double peakRssMb) {}
