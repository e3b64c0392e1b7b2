package dev.blindsight.trainer.train;

import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.evaluate.Evaluation;

/**
 * What a training has made.
 *
 * @param card of the finished model
 * @param test its accuracy on the test split
 * @param steps optimiser steps of the whole training
 * @param seconds this run took
 */
public record TrainingResult(ModelCard card, Evaluation test, long steps, double seconds) {}
