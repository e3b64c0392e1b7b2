package dev.blindsight.trainer.data;

import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Labelled pictures in memory, all of one geometry. Immutable. */
public final class Pictures {
  private final SensorGeometry geometry;
  private final byte[][] values;
  private final int[] labels;

  /**
   * Takes the arrays over: the caller must not write to them any more.
   *
   * @param values of each picture, in HWC order
   * @param labels of each picture, at least 0
   */
  Pictures(SensorGeometry geometry, byte[][] values, int[] labels) {
    if (values.length != labels.length) {
      throw new IllegalArgumentException(
          "%d pictures with %d labels".formatted(values.length, labels.length));
    }
    for (byte[] picture : values) {
      if (picture.length != geometry.elements()) {
        throw new IllegalArgumentException(
            "a picture of %d values for a geometry of %d"
                .formatted(picture.length, geometry.elements()));
      }
    }
    this.geometry = geometry;
    this.values = values;
    this.labels = labels;
  }

  /**
   * Pictures from memory.
   *
   * @param values of each picture, in HWC order; copied
   * @param labels of each picture, at least 0; copied
   */
  public static Pictures of(SensorGeometry geometry, byte[][] values, int[] labels) {
    byte[][] copies = Arrays.stream(values).map(byte[]::clone).toArray(byte[][]::new);
    return new Pictures(geometry, copies, labels.clone());
  }

  /** The size of every picture. */
  public SensorGeometry geometry() {
    return geometry;
  }

  /** The number of pictures. */
  public int size() {
    return values.length;
  }

  /** The label of a picture. */
  public int label(int picture) {
    return labels[picture];
  }

  /**
   * One channel value.
   *
   * @param channel index in HWC order
   * @return 0..255
   */
  public int valueAt(int picture, int channel) {
    return Byte.toUnsignedInt(values[picture][channel]);
  }

  /** A picture as an exposure: the value of each channel index, for a readout spec to read. */
  public IntUnaryOperator exposure(int picture) {
    byte[] exposed = values[picture];
    return channel -> Byte.toUnsignedInt(exposed[channel]);
  }

  /** The pictures at some places, in that order. */
  public Pictures select(int[] places) {
    byte[][] chosen = new byte[places.length][];
    int[] chosenLabels = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      chosen[i] = values[places[i]];
      chosenLabels[i] = labels[places[i]];
    }
    return new Pictures(geometry, chosen, chosenLabels);
  }
}
