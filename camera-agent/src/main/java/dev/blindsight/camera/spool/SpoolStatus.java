package dev.blindsight.camera.spool;

/**
 * How a spool fares.
 *
 * @param entries kept and not yet released, taken ones included
 * @param bytes its files' length together
 * @param refused entries it did not take since it was opened
 * @param expired entries given up for their age
 * @param displaced entries given up for newer ones
 * @param damaged places of its files that could not be read
 */
public record SpoolStatus(
    int entries, long bytes, long refused, long expired, long displaced, long damaged) {}
