package dev.blindsight.trainer.data;

/**
 * The pictures of a training.
 *
 * @param train learned from
 * @param validation watched; may be empty
 */
public record LearningPictures(Pictures train, Pictures validation) {}
