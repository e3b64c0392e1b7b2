package dev.blindsight.trainer.data;

import java.util.random.RandomGenerator;

/**
 * The symmetric Beta distribution, by Jöhnk's rejection (1964): U^(1/α) / (U^(1/α) + V^(1/α)) for
 * uniform U, V, taken when the sum is at most 1. Good for small α; about 70 tries each at α = 4.
 */
final class BetaDistribution {
  private BetaDistribution() {}

  /**
   * Draws from Beta(α, α).
   *
   * @param alpha greater than 0, at most about 4
   * @return 0..1
   */
  static double symmetric(double alpha, RandomGenerator random) {
    while (true) {
      double first = Math.log(random.nextDouble()) / alpha;
      double second = Math.log(random.nextDouble()) / alpha;
      // For a small α both powers underflow to 0, so their ratio is taken from the logarithms.
      double largest = Math.max(first, second);
      double sum = Math.exp(first - largest) + Math.exp(second - largest);
      if (largest + Math.log(sum) <= 0) {
        return Math.exp(first - largest) / sum;
      }
    }
  }
}
