package dev.blindsight.trainer.data;

import dev.blindsight.trainer.recipe.Augmentation;
import java.util.random.RandomGenerator;

/**
 * One random view of a picture: for each place of the sensor, the place of the picture it sees.
 *
 * <p>Coordinates count pixels from the centre of pixel 0. A sensor place, relative to the sensor's
 * centre, is mirrored, scaled, turned and shifted, in this order.
 *
 * @param xx how far the seen place moves right as the sensor's moves right
 * @param xy how far it moves right as the sensor's moves down
 * @param x0 the seen x of sensor place (0, 0)
 * @param yx how far it moves down as the sensor's moves right
 * @param yy how far it moves down as the sensor's moves down
 * @param y0 the seen y of sensor place (0, 0)
 */
record AffineView(double xx, double xy, double x0, double yx, double yy, double y0) {

  static AffineView draw(Augmentation augmentation, int width, int height, RandomGenerator random) {
    double mirror = augmentation.flip() && random.nextBoolean() ? -1 : 1;
    double scaleX = 1 + symmetric(random, augmentation.zoom());
    double scaleY = 1 + symmetric(random, augmentation.zoom());
    double turn = Math.toRadians(symmetric(random, augmentation.rotation()));
    double shiftX = shift(augmentation, random);
    double shiftY = shift(augmentation, random);
    double cosine = Math.cos(turn);
    double sine = Math.sin(turn);
    double xx = cosine * scaleX * mirror;
    double xy = -sine * scaleY;
    double yx = sine * scaleX * mirror;
    double yy = cosine * scaleY;
    double centreX = (width - 1) / 2.0;
    double centreY = (height - 1) / 2.0;
    return new AffineView(
        xx,
        xy,
        centreX + shiftX - xx * centreX - xy * centreY,
        yx,
        yy,
        centreY + shiftY - yx * centreX - yy * centreY);
  }

  double sourceX(int x, int y) {
    return xx * x + xy * y + x0;
  }

  double sourceY(int x, int y) {
    return yx * x + yy * y + y0;
  }

  private static double shift(Augmentation augmentation, RandomGenerator random) {
    if (augmentation.subPixel()) {
      return symmetric(random, augmentation.shift());
    }
    int most = (int) augmentation.shift();
    return random.nextInt(-most, most + 1);
  }

  private static double symmetric(RandomGenerator random, double most) {
    return most == 0 ? 0 : random.nextDouble(-most, most);
  }
}
