package dev.blindsight.camera.bench;

import java.util.Arrays;

/**
 * Numbers in the order they come. Of more than {@value #MOST_KEPT}, every second is kept, of more
 * than twice as many every fourth, and so on: memory stays bounded, and what is kept stays spread
 * evenly over all the time.
 */
final class Samples {
  static final int MOST_KEPT = 1 << 18;

  private double[] kept = new double[256];
  private int size;
  private long seen;
  private long stride = 1;

  void add(double value) {
    long index = seen++;
    if (index % stride != 0) {
      return;
    }
    if (size == MOST_KEPT) {
      for (int i = 0; i < size / 2; i++) {
        kept[i] = kept[2 * i];
      }
      size /= 2;
      stride *= 2;
    }
    if (size == kept.length) {
      kept = Arrays.copyOf(kept, 2 * size);
    }
    kept[size++] = value;
  }

  /** How many there were. */
  long count() {
    return seen;
  }

  /** What was kept. */
  double[] values() {
    return Arrays.copyOf(kept, size);
  }

  Quantiles quantiles() {
    return Quantiles.of(values());
  }
}
