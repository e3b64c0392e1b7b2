package dev.blindsight.trainer.evaluate;

/**
 * How well one class is recognised.
 *
 * @param label the class
 * @param pictures how many there were of it
 * @param recall share of them that was recognised, 0..1; 0 when there were none
 * @param precision share of the answers with this label that were right, 0..1; 0 when there were
 *     none
 */
public record ClassAccuracy(String label, int pictures, double recall, double precision) {}
