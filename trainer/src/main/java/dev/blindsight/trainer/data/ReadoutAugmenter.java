package dev.blindsight.trainer.data;

import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.recipe.Augmentation;
import dev.blindsight.trainer.recipe.Augmentation.Border;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Makes training samples: the kept values, not yet permuted, of randomly varied pictures.
 *
 * <p>The varied picture is never made. Each kept place is followed back to where the varied picture
 * would have come from, and only there is the stored picture sampled, with bilinear interpolation:
 * the work grows with the readout, not with the picture. All randomness of a sample derives from
 * the seed, the epoch and the picture's index, so samples do not depend on threads or on each
 * other. Safe for use by several threads.
 */
public final class ReadoutAugmenter {
  private static final double MID_GREY = 127.5;

  private final Pictures pictures;
  private final Augmentation augmentation;
  private final int classes;
  private final long seed;
  private final int[] columns;
  private final int[] rows;
  private final int[] colours;

  /**
   * @param mask the kept channels, of the pictures' geometry
   * @param classes number of labels
   */
  public ReadoutAugmenter(
      Pictures pictures, ChannelMask mask, Augmentation augmentation, int classes, long seed) {
    SensorGeometry geometry = pictures.geometry();
    if (mask.elements() != geometry.elements()) {
      throw new IllegalArgumentException(
          "a mask of %d channels for pictures of %d"
              .formatted(mask.elements(), geometry.elements()));
    }
    this.pictures = pictures;
    this.augmentation = augmentation;
    this.classes = classes;
    this.seed = seed;
    int kept = mask.size();
    this.columns = new int[kept];
    this.rows = new int[kept];
    this.colours = new int[kept];
    for (int slot = 0; slot < kept; slot++) {
      int channel = mask.channelAt(slot);
      int pixel = channel / geometry.channels();
      columns[slot] = pixel % geometry.width();
      rows[slot] = pixel / geometry.width();
      colours[slot] = channel % geometry.channels();
    }
  }

  /** Values of one sample. */
  public int length() {
    return columns.length;
  }

  /** Number of labels. */
  public int classes() {
    return classes;
  }

  /** Number of pictures. */
  public int size() {
    return pictures.size();
  }

  /** The order in which an epoch shows the pictures. */
  int[] order(int epoch) {
    return PictureOrder.ofEpoch(seed, epoch, size());
  }

  /**
   * Makes one sample.
   *
   * @param epoch from 0
   * @param picture index of the picture
   * @param tokens receives {@link #length()} values 0..255 from {@code row} times that on
   * @param targets receives {@link #classes()} probabilities from {@code row} times that on
   * @param row place in the batch
   */
  public void sample(int epoch, int picture, int[] tokens, float[] targets, int row) {
    RandomGenerator random = Seeds.generator(seed, epoch, picture);
    double[] values = view(picture, random);
    double share = 1;
    int partner = picture;
    if (augmentation.mixup() > 0) {
      share = BetaDistribution.symmetric(augmentation.mixup(), random);
      partner = random.nextInt(pictures.size());
      double[] others = view(partner, random);
      for (int slot = 0; slot < values.length; slot++) {
        values[slot] = share * values[slot] + (1 - share) * others[slot];
      }
    }
    recolour(values, random);
    int offset = row * values.length;
    for (int slot = 0; slot < values.length; slot++) {
      tokens[offset + slot] = (int) Math.clamp(Math.rint(values[slot]), 0, 255);
    }
    int targetOffset = row * classes;
    Arrays.fill(targets, targetOffset, targetOffset + classes, 0f);
    targets[targetOffset + pictures.label(picture)] += (float) share;
    targets[targetOffset + pictures.label(partner)] += (float) (1 - share);
  }

  private double[] view(int picture, RandomGenerator random) {
    SensorGeometry geometry = pictures.geometry();
    AffineView view = AffineView.draw(augmentation, geometry.width(), geometry.height(), random);
    double[] values = new double[columns.length];
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] =
          interpolated(
              picture,
              view.sourceX(columns[slot], rows[slot]),
              view.sourceY(columns[slot], rows[slot]),
              colours[slot]);
    }
    cutOut(values, random);
    return values;
  }

  private double interpolated(int picture, double x, double y, int colour) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double right = x - left;
    double below = y - top;
    double upper = valueAt(picture, left, top, colour);
    if (right > 0) {
      upper += right * (valueAt(picture, left + 1, top, colour) - upper);
    }
    if (below == 0) {
      return upper;
    }
    double lower = valueAt(picture, left, top + 1, colour);
    if (right > 0) {
      lower += right * (valueAt(picture, left + 1, top + 1, colour) - lower);
    }
    return upper + below * (lower - upper);
  }

  private double valueAt(int picture, int x, int y, int colour) {
    SensorGeometry geometry = pictures.geometry();
    int width = geometry.width();
    int height = geometry.height();
    int column = x;
    int row = y;
    if (x < 0 || x >= width || y < 0 || y >= height) {
      if (augmentation.border() == Border.ZERO) {
        return 0;
      }
      column = Math.clamp(x, 0, width - 1);
      row = Math.clamp(y, 0, height - 1);
    }
    return pictures.valueAt(picture, (row * width + column) * geometry.channels() + colour);
  }

  /** The square's centre may be anywhere, so at the edge less of it is seen. */
  private void cutOut(double[] values, RandomGenerator random) {
    int side = augmentation.cutout();
    if (side == 0) {
      return;
    }
    int left = random.nextInt(pictures.geometry().width()) - side / 2;
    int top = random.nextInt(pictures.geometry().height()) - side / 2;
    for (int slot = 0; slot < values.length; slot++) {
      if (columns[slot] >= left
          && columns[slot] < left + side
          && rows[slot] >= top
          && rows[slot] < top + side) {
        values[slot] = 0;
      }
    }
  }

  private void recolour(double[] values, RandomGenerator random) {
    double gain = factor(augmentation.brightness(), random);
    double spread = factor(augmentation.contrast(), random);
    double noise = augmentation.noise();
    for (int slot = 0; slot < values.length; slot++) {
      double value = (values[slot] * gain - MID_GREY) * spread + MID_GREY;
      values[slot] = noise > 0 ? value + noise * random.nextGaussian() : value;
    }
  }

  private static double factor(double most, RandomGenerator random) {
    return most == 0 ? 1 : 1 + random.nextDouble(-most, most);
  }
}
