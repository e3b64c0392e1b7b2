package dev.blindsight.camera.agent;

import dev.blindsight.protocol.readout.Readout;
import org.jspecify.annotations.Nullable;

/**
 * An exposure that has been read out and waits for its answer.
 *
 * @param readout closed once it is answered or lost
 * @param nanoTime of {@link System#nanoTime()} when the readout was complete
 * @param expected the true label, when known
 */
record Captured(Readout readout, long nanoTime, @Nullable String expected) {}
