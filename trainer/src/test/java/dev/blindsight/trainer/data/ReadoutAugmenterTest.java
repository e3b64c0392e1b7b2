package dev.blindsight.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.recipe.Augmentation;
import dev.blindsight.trainer.recipe.Augmentation.Border;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadoutAugmenterTest {
  private static final int SIDE = 24;
  private static final SensorGeometry GREY = new SensorGeometry(SIDE, SIDE, 1);
  private static final long SEED = 11;

  /** A recipe's augmentation, in the order of its fields; only what a test varies. */
  private static Augmentation moving(
      double shift, boolean subPixel, boolean flip, double zoom, double rotation, Border border) {
    return new Augmentation(shift, subPixel, flip, zoom, rotation, 0, 0, 0, 0, 0, border);
  }

  private static Augmentation colouring(double brightness, double contrast, double noise) {
    return new Augmentation(0, false, false, 0, 0, brightness, contrast, noise, 0, 0, Border.ZERO);
  }

  private static Pictures random(SensorGeometry geometry, int count) {
    Random random = new Random(5);
    byte[][] values = new byte[count][geometry.elements()];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      random.nextBytes(values[i]);
      labels[i] = i % 3;
    }
    return Pictures.of(geometry, values, labels);
  }

  private static int[] sample(ReadoutAugmenter augmenter, int epoch, int picture) {
    int[] tokens = new int[augmenter.length()];
    augmenter.sample(epoch, picture, tokens, new float[augmenter.classes()], 0);
    return tokens;
  }

  private static ReadoutAugmenter augmenter(
      Pictures pictures, double keep, Augmentation augmentation) {
    ChannelMask mask = ChannelMask.corenet(pictures.geometry().elements(), keep);
    return new ReadoutAugmenter(pictures, mask, augmentation, 3, SEED);
  }

  @Test
  void sample_withoutAugmentation_isTheMaskedPicture() {
    Pictures pictures = random(new SensorGeometry(7, 5, 3), 4);
    ChannelMask mask = ChannelMask.corenet(105, 0.3);

    int[] tokens = sample(augmenter(pictures, 0.3, Augmentation.NONE), 0, 2);

    assertThat(tokens)
        .containsExactly(
            Arrays.stream(mask.channels()).map(channel -> pictures.valueAt(2, channel)).toArray());
  }

  @Test
  void sample_row_fillsItsPlaceInTheBatchOnly() {
    ReadoutAugmenter augmenter = augmenter(random(GREY, 4), 0.1, Augmentation.NONE);
    int length = augmenter.length();
    int[] tokens = new int[3 * length];
    float[] targets = new float[9];
    Arrays.fill(tokens, -1);
    Arrays.fill(targets, 7);

    augmenter.sample(0, 2, tokens, targets, 1);

    assertThat(Arrays.copyOf(tokens, length)).containsOnly(-1);
    assertThat(Arrays.copyOfRange(tokens, 2 * length, 3 * length)).containsOnly(-1);
    assertThat(targets).containsExactly(7, 7, 7, 0, 0, 1, 7, 7, 7);
  }

  @Test
  void sample_flip_isThePictureOrItsMirror() {
    Pictures pictures = random(GREY, 1);
    ReadoutAugmenter augmenter =
        augmenter(pictures, 0.1, moving(0, false, true, 0, 0, Border.ZERO));
    int[] plain = moved(pictures, 0.1, 0, 0, false);
    int[] mirrored = moved(pictures, 0.1, 0, 0, true);

    List<int[]> samples =
        IntStream.range(0, 40).mapToObj(epoch -> sample(augmenter, epoch, 0)).toList();

    assertThat(samples).allSatisfy(it -> assertThat(it).isIn(plain, mirrored));
    assertThat(samples).anySatisfy(it -> assertThat(it).isEqualTo(plain));
    assertThat(samples).anySatisfy(it -> assertThat(it).isEqualTo(mirrored));
  }

  @Test
  void sample_wholePixelShift_isOneOfTheShiftedPictures() {
    Pictures pictures = random(GREY, 1);
    ReadoutAugmenter augmenter =
        augmenter(pictures, 0.1, moving(1, false, false, 0, 0, Border.ZERO));
    Set<List<Integer>> expected = new HashSet<>();
    for (int dx = -1; dx <= 1; dx++) {
      for (int dy = -1; dy <= 1; dy++) {
        expected.add(boxed(moved(pictures, 0.1, dx, dy, false)));
      }
    }

    Set<List<Integer>> samples = new HashSet<>();
    for (int epoch = 0; epoch < 200; epoch++) {
      samples.add(boxed(sample(augmenter, epoch, 0)));
    }

    assertThat(samples).isEqualTo(expected);
  }

  /**
   * Two colours hold their own coordinates, so that every sample tells where it came from; a third
   * holds a smooth picture, which is then interpolated there by the textbook formula.
   */
  @Test
  void sample_anyMotion_interpolatesThePictureAtOneAffineMap() {
    SensorGeometry geometry = new SensorGeometry(SIDE, SIDE, 3);
    byte[] values = new byte[geometry.elements()];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int pixel = (y * SIDE + x) * 3;
        values[pixel] = (byte) (10 * x);
        values[pixel + 1] = (byte) (10 * y);
        values[pixel + 2] = (byte) smooth(x, y);
      }
    }
    Pictures pictures = Pictures.of(geometry, new byte[][] {values}, new int[1]);
    ReadoutAugmenter augmenter =
        augmenter(pictures, 1, moving(2, true, true, 0.1, 15, Border.EDGE));
    Set<Boolean> mirrored = new HashSet<>();

    for (int epoch = 0; epoch < 30; epoch++) {
      int[] sample = sample(augmenter, epoch, 0);
      double[] right = difference(sample, 8, 12, 16, 12);
      double[] down = difference(sample, 12, 8, 12, 16);
      mirrored.add(right[0] < 0);
      double scaleX = Math.hypot(right[0], right[1]);
      double scaleY = Math.hypot(down[0], down[1]);
      assertThat(scaleX).isBetween(0.88, 1.12);
      assertThat(scaleY).isBetween(0.88, 1.12);
      assertThat(right[0] * down[0] + right[1] * down[1]).isCloseTo(0, within(0.03));
      assertThat(Math.abs(Math.toDegrees(Math.atan2(-down[0], down[1])))).isLessThan(16);
      for (int y = 6; y < 18; y++) {
        for (int x = 6; x < 18; x++) {
          int slot = (y * SIDE + x) * 3;
          double sourceX = sample[slot] / 10.0;
          double sourceY = sample[slot + 1] / 10.0;
          assertThat((double) sample[slot + 2]).isCloseTo(bilinear(sourceX, sourceY), within(1.5));
        }
      }
    }

    assertThat(mirrored).containsExactlyInAnyOrder(true, false);
  }

  private static int smooth(double x, double y) {
    return (int) Math.rint(128 + 60 * Math.sin(x / 5) + 60 * Math.cos(y / 6));
  }

  private static double bilinear(double x, double y) {
    int left = Math.min(SIDE - 2, (int) x);
    int top = Math.min(SIDE - 2, (int) y);
    double u = x - left;
    double v = y - top;
    return (1 - u) * (1 - v) * smooth(left, top)
        + u * (1 - v) * smooth(left + 1, top)
        + (1 - u) * v * smooth(left, top + 1)
        + u * v * smooth(left + 1, top + 1);
  }

  /** By how much the source moves for each step of the sensor place, between two such places. */
  private static double[] difference(int[] sample, int x0, int y0, int x1, int y1) {
    int from = (y0 * SIDE + x0) * 3;
    int to = (y1 * SIDE + x1) * 3;
    double steps = Math.hypot(x1 - x0, y1 - y0) * 10;
    return new double[] {
      (sample[to] - sample[from]) / steps, (sample[to + 1] - sample[from + 1]) / steps
    };
  }

  @Test
  void sample_ofAMask_isTheWholeVariedPictureMasked() {
    Pictures pictures = random(new SensorGeometry(9, 11, 3), 5);
    Augmentation augmentation =
        new Augmentation(2, true, true, 0.2, 20, 0.3, 0.2, 0, 4, 0.5, Border.ZERO);
    ChannelMask mask = ChannelMask.corenet(297, 0.2);

    for (int epoch = 0; epoch < 20; epoch++) {
      int[] whole = sample(augmenter(pictures, 1, augmentation), epoch, 3);
      int[] masked = sample(augmenter(pictures, 0.2, augmentation), epoch, 3);
      assertThat(masked)
          .containsExactly(Arrays.stream(mask.channels()).map(channel -> whole[channel]).toArray());
    }
  }

  @Test
  void sample_border_decidesWhatLiesOutside() {
    byte[] bright = new byte[GREY.elements()];
    Arrays.fill(bright, (byte) 200);
    Pictures pictures = Pictures.of(GREY, new byte[][] {bright}, new int[1]);

    assertThat(sample(augmenter(pictures, 1, moving(0, false, false, 0, 45, Border.ZERO)), 0, 0))
        .contains(0);
    assertThat(sample(augmenter(pictures, 1, moving(0, false, false, 0, 45, Border.EDGE)), 0, 0))
        .containsOnly(200);
  }

  @Test
  void sample_brightnessAndContrast_stayInTheirRange() {
    Pictures pictures =
        Pictures.of(new SensorGeometry(2, 1, 1), new byte[][] {{100, (byte) 150}}, new int[1]);
    for (int epoch = 0; epoch < 100; epoch++) {
      int[] brighter = sample(augmenter(pictures, 1, colouring(0.2, 0, 0)), epoch, 0);
      assertThat(brighter[0]).isBetween(80, 120);
      assertThat(brighter[1] / (double) brighter[0]).isCloseTo(1.5, within(0.02));
      int[] harder = sample(augmenter(pictures, 1, colouring(0, 0.4, 0)), epoch, 0);
      assertThat(harder[1] - harder[0]).isBetween(29, 71);
      assertThat((harder[0] - 127.5) / (harder[1] - 127.5)).isCloseTo(-27.5 / 22.5, within(0.1));
    }
  }

  @Test
  void sample_noise_hasTheAskedDeviationAndStaysAByte() {
    byte[][] grey = {new byte[GREY.elements()]};
    Arrays.fill(grey[0], (byte) 100);
    Pictures pictures = Pictures.of(GREY, grey, new int[1]);

    int[] noisy = sample(augmenter(pictures, 1, colouring(0, 0, 8)), 0, 0);
    int[] wild = sample(augmenter(pictures, 1, colouring(0, 0, 128)), 0, 0);

    double mean = Arrays.stream(noisy).average().orElseThrow();
    double variance =
        Arrays.stream(noisy).mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertThat(mean).isCloseTo(100, within(1.5));
    assertThat(Math.sqrt(variance)).isCloseTo(8, within(1.0));
    assertThat(boxed(wild)).contains(0, 255).allMatch(value -> value >= 0 && value <= 255);
  }

  @Test
  void sample_cutout_blanksOneSquare() {
    byte[][] white = {new byte[GREY.elements()]};
    Arrays.fill(white[0], (byte) 255);
    Pictures pictures = Pictures.of(GREY, white, new int[1]);
    Augmentation cutout = new Augmentation(0, false, false, 0, 0, 0, 0, 0, 6, 0, Border.ZERO);
    int largest = 0;

    for (int epoch = 0; epoch < 50; epoch++) {
      int[] sample = sample(augmenter(pictures, 1, cutout), epoch, 0);
      int[] blank = IntStream.range(0, sample.length).filter(i -> sample[i] == 0).toArray();
      int width = span(Arrays.stream(blank).map(i -> i % SIDE));
      int height = span(Arrays.stream(blank).map(i -> i / SIDE));
      assertThat(blank).isNotEmpty();
      assertThat(blank.length).isEqualTo(width * height);
      assertThat(Math.max(width, height)).isLessThanOrEqualTo(6);
      largest = Math.max(largest, blank.length);
    }

    assertThat(largest).isEqualTo(36);
  }

  @Test
  void sample_mixup_mixesPicturesAndTargetsAlike() {
    SensorGeometry geometry = new SensorGeometry(2, 1, 1);
    byte[][] values = {{0, 0}, {(byte) 200, (byte) 200}};
    Pictures pictures = Pictures.of(geometry, values, new int[] {0, 1});
    Augmentation mixup = new Augmentation(0, false, false, 0, 0, 0, 0, 0, 0, 0.4, Border.ZERO);
    ReadoutAugmenter augmenter = augmenter(pictures, 1, mixup);
    int mixed = 0;

    for (int epoch = 0; epoch < 200; epoch++) {
      int[] tokens = new int[2];
      float[] targets = new float[3];
      augmenter.sample(epoch, 0, tokens, targets, 0);
      assertThat(targets[0] + targets[1]).isCloseTo(1, within(1e-6f));
      assertThat(tokens[0]).isCloseTo(Math.round(200 * targets[1]), within(1));
      mixed += targets[1] > 0.1 && targets[1] < 0.9 ? 1 : 0;
    }

    assertThat(mixed).isBetween(10, 90);
  }

  @Test
  void sample_sameSeedEpochAndPicture_isTheSameWhateverCameBefore() {
    Augmentation everything =
        new Augmentation(2, true, true, 0.2, 20, 0.3, 0.2, 5, 4, 0.5, Border.EDGE);
    Pictures pictures = random(GREY, 30);
    int[][] inOrder =
        IntStream.range(0, 30)
            .mapToObj(picture -> sample(augmenter(pictures, 0.1, everything), 3, picture))
            .toArray(int[][]::new);
    ReadoutAugmenter shared = augmenter(pictures, 0.1, everything);

    int[][] atOnce =
        IntStream.range(0, 30)
            .parallel()
            .mapToObj(picture -> sample(shared, 3, picture))
            .toArray(int[][]::new);

    assertThat(atOnce).isDeepEqualTo(inOrder);
    assertThat(sample(shared, 4, 7)).isNotEqualTo(inOrder[7]);
    assertThat(
            sample(
                new ReadoutAugmenter(
                    pictures, ChannelMask.corenet(576, 0.1), everything, 3, SEED + 1),
                3,
                7))
        .isNotEqualTo(inOrder[7]);
  }

  private static int span(IntStream values) {
    var statistics = values.summaryStatistics();
    return statistics.getMax() - statistics.getMin() + 1;
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /** The masked values of the whole picture, shifted, with zeros around it. */
  private static int[] moved(Pictures pictures, double keep, int dx, int dy, boolean mirror) {
    return Arrays.stream(ChannelMask.corenet(GREY.elements(), keep).channels())
        .map(channel -> {
          int x = channel % SIDE;
          int y = channel / SIDE + dy;
          int from = (mirror ? SIDE - 1 - x : x) + dx;
          return from < 0 || from >= SIDE || y < 0 || y >= SIDE
              ? 0
              : pictures.valueAt(0, y * SIDE + from);
        })
        .toArray();
  }
}
