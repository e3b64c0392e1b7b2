package dev.blindsight.camera.inference;

/**
 * One label with the probability the model gives it.
 *
 * @param label the label's name, as the model card lists it
 * @param probability softmax probability, 0 to 1
 */
public record LabelProbability(String label, double probability) {}
