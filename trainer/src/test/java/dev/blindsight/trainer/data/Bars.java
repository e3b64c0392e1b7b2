package dev.blindsight.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A small data set that is easy to learn: noisy pictures of 8 × 8 whose left half, right half or
 * both are bright.
 */
public final class Bars {
  /** Width and height of a picture. */
  public static final int SIDE = 8;

  private Bars() {}

  /** Writes the files that {@link TestRecipes#idx} names. */
  public static void write(Path root, int train, int test) throws IOException {
    write(root, "train", train, 1);
    write(root, "test", test, 2);
  }

  private static void write(Path root, String name, int count, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] values = new byte[count * SIDE * SIDE];
    byte[] labels = new byte[count];
    for (int picture = 0; picture < count; picture++) {
      int label = random.nextInt(3);
      labels[picture] = (byte) label;
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        boolean left = pixel % SIDE < SIDE / 2;
        boolean bright = label == 2 || (label == 0) == left;
        double value = (bright ? 160 : 60) + 40 * random.nextGaussian();
        values[picture * SIDE * SIDE + pixel] = (byte) Math.clamp(Math.rint(value), 0, 255);
      }
    }
    Files.write(root.resolve(name + ".idx3"), IdxFixture.pictures(count, SIDE, SIDE, values));
    Files.write(root.resolve(name + ".idx1"), IdxFixture.labels(labels));
  }
}
