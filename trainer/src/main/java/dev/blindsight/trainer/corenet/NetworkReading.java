package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what a network is: sizes from its tensors, heads and windows from options, from a
 * configuration file, or from CoreNet's defaults where the file names a mode.
 */
final class NetworkReading {
  private static final String GROUP = "model.classification.byteformer.";
  private static final String MODE = GROUP + "mode";
  private static final String WINDOW_SIZES = GROUP + "window_sizes";
  private static final String WINDOW_SHIFTS = GROUP + "window_shifts";
  private static final String OTHER_FILE = "give the file that belongs to the checkpoint";

  private static final int LARGEST_WINDOW = 65_536;

  /** CoreNet 1aa3acd's default window, and its default shift of every second block. */
  private static final int DEFAULT_WINDOW = 128;

  private static final int DEFAULT_SHIFT = 64;
  private static final int LAYERS_WITH_DEFAULT_SHIFTS = 12;
  private static final double EPSILON = 1e-5;

  private final NetworkShape shape;
  private final String source;
  private final NetworkOptions options;
  private final @Nullable CoreNetConfiguration configuration;
  private final Remarks remarks;

  /**
   * @param source names the checkpoint in errors
   */
  NetworkReading(
      NetworkShape shape,
      String source,
      NetworkOptions options,
      @Nullable CoreNetConfiguration configuration,
      Remarks remarks) {
    this.shape = shape;
    this.source = source;
    this.options = options;
    this.configuration = configuration;
    this.remarks = remarks;
  }

  /**
   * The network, with all its positions.
   *
   * @throws UserError when nothing tells the heads or windows, or what is told does not agree
   */
  ByteFormerArchitecture architecture() {
    requireAgreement();
    int heads = heads();
    List<Integer> windows = windows();
    List<Integer> shifts = shifts(windows);
    try {
      return new ByteFormerArchitecture(
          shape.width(),
          shape.layers(),
          heads,
          shape.feedForwardSize(),
          shape.kernelSize(),
          windows,
          shifts,
          shape.downsample(),
          shape.positions(),
          shape.classes(),
          EPSILON,
          AttentionMode.REFERENCE);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
  }

  private void requireAgreement() {
    if (configuration == null) {
      return;
    }
    requireText("model.classification.name", "byteformer");
    requireText(GROUP + "norm_layer", "layer_norm");
    requireText("model.activation.name", "gelu");
    requireSame(GROUP + "vocab_size", 257);
    requireSame(GROUP + "conv_kernel_size", shape.kernelSize());
    requireSame("model.classification.n_classes", shape.classes());
    Optional<List<Boolean>> downsample = configuration.truths(GROUP + "downsample");
    if (downsample.isPresent() && !downsample.get().equals(shape.downsample())) {
      throw configuration.wrong(
          GROUP + "downsample",
          "is %s, but the checkpoint merges %s".formatted(downsample.get(), shape.downsample()),
          OTHER_FILE);
    }
  }

  private void requireText(String key, String expected) {
    if (configuration != null) {
      Optional<String> text = configuration.text(key);
      if (text.isPresent() && !text.get().equals(expected)) {
        throw configuration.wrong(
            key, "is " + Printable.of(text.get()), "only %s is supported".formatted(expected));
      }
    }
  }

  private void requireSame(String key, int ofTensors) {
    if (configuration != null) {
      Optional<Integer> value = configuration.whole(key, 0, Integer.MAX_VALUE);
      if (value.isPresent() && value.get() != ofTensors) {
        throw configuration.wrong(
            key, "is %d, but the checkpoint's %d".formatted(value.get(), ofTensors), OTHER_FILE);
      }
    }
  }

  private int heads() {
    if (options.heads() != null) {
      return options.heads();
    }
    if (configuration == null) {
      throw missing("heads", "--heads H");
    }
    String name = configuration.text(MODE).orElseThrow(() -> missing("heads", "--heads H"));
    ByteFormerMode mode =
        ByteFormerMode.of(name)
            .orElseThrow(
                () -> wrong(MODE, "is " + Printable.of(name), "give tiny, small, base or huge"));
    if (!mode.fits(shape)) {
      throw wrong(
          MODE,
          "is %s, which the checkpoint's %d layers of width %d are not"
              .formatted(Printable.of(name), shape.layers(), shape.width()),
          OTHER_FILE + ", or --heads");
    }
    return mode.heads();
  }

  private List<Integer> windows() {
    if (options.window() != null) {
      return Collections.nCopies(shape.layers(), options.window());
    }
    if (configuration == null) {
      throw missing("window", "--window W");
    }
    Optional<List<Integer>> sizes = configuration.wholes(WINDOW_SIZES, 1, LARGEST_WINDOW);
    if (sizes.isEmpty()) {
      if (configuration.text(MODE).isEmpty()) {
        throw missing("window", "--window W");
      }
      return Collections.nCopies(shape.layers(), DEFAULT_WINDOW);
    }
    return sizes.get().size() == 1
        ? Collections.nCopies(shape.layers(), sizes.get().getFirst())
        : perLayer(WINDOW_SIZES, sizes.get());
  }

  private List<Integer> shifts(List<Integer> windows) {
    if (options.shifts() != null) {
      if (options.shifts().size() != shape.layers()) {
        throw new UserError(
            "--shifts has %d numbers for %d layers: give one for each layer"
                .formatted(options.shifts().size(), shape.layers()));
      }
      return options.shifts();
    }
    if (configuration != null) {
      Optional<List<Integer>> shifts = configuration.wholes(WINDOW_SHIFTS, 0, LARGEST_WINDOW);
      if (shifts.isPresent()) {
        return perLayer(WINDOW_SHIFTS, shifts.get());
      }
      if (configuration.text(MODE).isPresent()) {
        return defaultShifts();
      }
    }
    if (windows.stream().anyMatch(window -> window != DEFAULT_WINDOW)) {
      remarks.add(
          "shifts the windows of every second layer by half a window, as no --shifts are given;"
              + " CoreNet's own default is 64, whatever the window");
    }
    return IntStream.range(0, shape.layers())
        .mapToObj(layer -> layer % 2 * (windows.get(layer) / 2))
        .toList();
  }

  /** 0 and 64 in turn, whatever the window: so CoreNet has it for twelve layers, and only those. */
  private List<Integer> defaultShifts() {
    if (shape.layers() != LAYERS_WITH_DEFAULT_SHIFTS) {
      throw wrong(
          WINDOW_SHIFTS,
          "is missing, and CoreNet's default is for %d layers, not %d"
              .formatted(LAYERS_WITH_DEFAULT_SHIFTS, shape.layers()),
          "give --shifts");
    }
    return IntStream.range(0, shape.layers()).mapToObj(layer -> layer % 2 * DEFAULT_SHIFT).toList();
  }

  private List<Integer> perLayer(String key, List<Integer> values) {
    if (values.size() != shape.layers()) {
      throw wrong(
          key,
          "has %d entries for %d layers".formatted(values.size(), shape.layers()),
          "give one for each layer");
    }
    return values;
  }

  private UserError wrong(String key, String what, String remedy) {
    return configuration == null
        ? new UserError("%s %s: %s".formatted(key, what, remedy))
        : configuration.wrong(key, what, remedy);
  }

  private static UserError missing(String what, String flag) {
    return new UserError(
        "the %s cannot be told from a checkpoint: give %s, or the CoreNet YAML with --corenet-config"
            .formatted(what, flag));
  }
}
