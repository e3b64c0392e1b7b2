package dev.blindsight.trainer.corenet;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The sizes that CoreNet 1aa3acd gives names ({@code model.classification.byteformer.mode}). */
enum ByteFormerMode {
  TINY(192, 12, 3),
  SMALL(384, 12, 6),
  BASE(768, 12, 12),
  HUGE(1280, 32, 20);

  private final int width;
  private final int layers;
  private final int heads;

  ByteFormerMode(int width, int layers, int heads) {
    this.width = width;
    this.layers = layers;
    this.heads = heads;
  }

  /** The mode of a name, whatever its case. */
  static Optional<ByteFormerMode> of(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  int heads() {
    return heads;
  }

  /** Whether tensors of these sizes can be of this mode. */
  boolean fits(NetworkShape shape) {
    return shape.width() == width && shape.layers() == layers;
  }
}
