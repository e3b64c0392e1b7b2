package dev.blindsight.trainer.byteformer;

/**
 * What AdamW remembers between steps, beside the weights and their average: all that a resumed
 * training needs to go on as if it had not stopped.
 *
 * @param steps optimiser steps taken
 * @param seed from which the randomness of each step is derived
 * @param means running mean of the gradient, named as the weights
 * @param squares running mean of the squared gradient, named as the weights
 */
public record OptimiserState(long steps, long seed, Weights means, Weights squares) {

  public OptimiserState {
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative: " + steps);
    }
  }
}
