package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.MaskDefinition;
import dev.blindsight.protocol.readout.MaskScheme;
import dev.blindsight.protocol.readout.PermutationDefinition;
import dev.blindsight.protocol.readout.PermutationScheme;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which readouts a network was trained on: masked and permuted pixels where the
 * configuration says so, else so many bytes of anything.
 */
final class ReadoutReading {
  private static final String GROUP = "image_augmentation.";
  private static final String SAVE = GROUP + "pil_save.enable";
  private static final String ENCODING = GROUP + "pil_save.file_encoding";
  private static final String MASK = GROUP + "mask_positions.enable";
  private static final String KEEP = GROUP + "mask_positions.keep_frac";
  private static final String PERMUTATION = GROUP + "byte_permutation.enable";
  private static final String SHUFFLE = GROUP + "shuffle_bytes.enable";
  private static final String NOISE = GROUP + "random_uniform.enable";
  private static final String NOISE_RANGE = GROUP + "random_uniform.width_range";
  private static final String CROP_WIDTH = "sampler.bs.crop_size_width";
  private static final String CROP_HEIGHT = "sampler.bs.crop_size_height";

  /** Height, width, channel: the only encoding whose bytes are a sensor's channels in order. */
  private static final String PIXELS = "fHWC";

  /** CoreNet 1aa3acd's defaults. */
  private static final String DEFAULT_ENCODING = "TIFF";

  private static final double DEFAULT_KEEP = 0.5;
  private static final int DEFAULT_CROP = 224;
  private static final int COLOURS = 3;

  private static final int LONGEST_SIDE = 65_535;
  private static final int LARGEST_READOUT = 1 << 25;
  private static final String RAW =
      "for a network of raw bytes leave --corenet-config out and give --heads, --window, --shifts"
          + " and --length";

  private final @Nullable CoreNetConfiguration configuration;
  private final Remarks remarks;

  ReadoutReading(@Nullable CoreNetConfiguration configuration, Remarks remarks) {
    this.configuration = configuration;
    this.remarks = remarks;
  }

  /**
   * The readout.
   *
   * @param length of a readout in bytes, or null where the configuration tells it
   * @throws UserError when nothing tells the length, or the configuration tells another or asks for
   *     what a readout cannot be
   */
  ReadoutSpecDefinition definition(@Nullable Integer length) {
    Optional<ReadoutSpecDefinition> pixels =
        configuration == null ? Optional.empty() : pixels(configuration);
    if (pixels.isPresent()) {
      if (length != null && length != pixels.get().length()) {
        throw new UserError(
            "--length is %d, but by --corenet-config a readout has %d bytes: leave --length out"
                .formatted(length, pixels.get().length()));
      }
      return pixels.get();
    }
    if (length == null) {
      throw new UserError(
          "the length of a readout cannot be told: give --length N, in bytes, or a --corenet-config"
              + " of %s images".formatted(PIXELS));
    }
    return rawBytes(length);
  }

  private Optional<ReadoutSpecDefinition> pixels(CoreNetConfiguration corenet) {
    if (corenet.isSet(SHUFFLE)) {
      throw corenet.wrong(SHUFFLE, "is true, but no readout is shuffled", RAW);
    }
    String encoding = corenet.text(ENCODING).orElse(DEFAULT_ENCODING);
    boolean masked = corenet.isSet(MASK);
    if (!corenet.isSet(SAVE) || !encoding.equals(PIXELS)) {
      if (masked) {
        throw corenet.wrong(
            MASK, "is true, but the images are not saved as %s (pil_save)".formatted(PIXELS), RAW);
      }
      return Optional.empty();
    }
    remarkNoise(corenet);
    int width = corenet.whole(CROP_WIDTH, 1, LONGEST_SIDE).orElse(DEFAULT_CROP);
    int height = corenet.whole(CROP_HEIGHT, 1, LONGEST_SIDE).orElse(DEFAULT_CROP);
    double keep = masked ? corenet.number(KEEP).orElse(DEFAULT_KEEP) : 1;
    if (!(keep > 0 && keep <= 1)) {
      throw corenet.wrong(KEEP, "is " + keep, "give a fraction greater than 0, at most 1");
    }
    return Optional.of(
        new ReadoutSpecDefinition(
            new SensorGeometry(width, height, COLOURS), mask(keep), permutation(corenet)));
  }

  private void remarkNoise(CoreNetConfiguration corenet) {
    List<Integer> range = corenet.wholes(NOISE_RANGE, -255, 255).orElse(List.of(0, 0));
    if (corenet.isSet(NOISE) && range.stream().anyMatch(bound -> bound != 0)) {
      remarks.add(
          "the network was trained on readouts with noise of %s added; a device adds none"
              .formatted(range));
    }
  }

  /** So many bytes as the channels of a grey exposure of which all are kept. */
  private ReadoutSpecDefinition rawBytes(int length) {
    if (length < 1 || length > LARGEST_READOUT) {
      throw new UserError(
          "--length is %d: give a whole number from 1 to %d".formatted(length, LARGEST_READOUT));
    }
    int height = 1;
    while (length % height != 0 || length / height > LONGEST_SIDE) {
      height++;
    }
    if (height > LONGEST_SIDE) {
      throw new UserError(
          "--length is %d, which no geometry with sides of at most %d has: give another length"
              .formatted(length, LONGEST_SIDE));
    }
    PermutationDefinition values =
        configuration == null
            ? new PermutationDefinition(PermutationScheme.NONE, null)
            : permutation(configuration);
    return new ReadoutSpecDefinition(
        new SensorGeometry(length / height, height, 1), mask(1), values);
  }

  private static MaskDefinition mask(double keep) {
    return new MaskDefinition(MaskScheme.CORENET, keep, null);
  }

  private static PermutationDefinition permutation(CoreNetConfiguration corenet) {
    PermutationScheme scheme =
        corenet.isSet(PERMUTATION) ? PermutationScheme.CORENET : PermutationScheme.NONE;
    return new PermutationDefinition(scheme, null);
  }
}
