package dev.blindsight.camera.bench;

import java.util.Arrays;

/**
 * Quantiles of a finite set of numbers: the one of rank {@code (n - 1) q}, counted from zero in
 * ascending order, and between two numbers in proportion. That is definition 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996).
 */
public final class Quantiles {
  private final double[] ascending;

  private Quantiles(double[] ascending) {
    this.ascending = ascending;
  }

  /** Of at least one number; the array is not kept. */
  public static Quantiles of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("quantiles of nothing");
    }
    double[] ascending = values.clone();
    Arrays.sort(ascending);
    return new Quantiles(ascending);
  }

  /** The quantile of a fraction, 0..1. */
  public double at(double fraction) {
    double rank = (ascending.length - 1) * fraction;
    int below = (int) Math.floor(rank);
    int above = Math.min(below + 1, ascending.length - 1);
    return ascending[below] + (rank - below) * (ascending[above] - ascending[below]);
  }

  public double median() {
    return at(0.5);
  }

  /** The distance of the quartiles as a fraction of the median, which must not be zero. */
  double relativeSpread() {
    return (at(0.75) - at(0.25)) / median();
  }
}
