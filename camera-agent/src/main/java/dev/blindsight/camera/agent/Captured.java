package dev.blindsight.camera.agent;

import dev.blindsight.protocol.readout.Readout;

/**
 * An exposure that has been read out and waits for its answer.
 *
 * @param readout closed once it is answered or lost, or only the spool need hold it
 * @param exposed what else is known of it
 */
record Captured(Readout readout, Exposed exposed) {}
