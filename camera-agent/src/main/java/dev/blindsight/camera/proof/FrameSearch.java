package dev.blindsight.camera.proof;

import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Looks for whole frames by what is known of them. The unkept channels of an exposure are known to
 * nobody; the kept ones are, and so are their places. Memory in which every kept value stands at
 * its place of a frame, in any of the usual orders, holds that frame, or one that cannot be told
 * from it; a readout does not match, for in it the values stand side by side.
 *
 * <p>That takes values that differ: see {@link #enough}.
 */
public final class FrameSearch {
  private static final int LEAST_VALUES = 16;
  private static final int LEAST_DISTINCT = 6;

  private final ReadoutSpec spec;
  private final List<FrameLayout> layouts;
  private final int[][] positions;
  private final int[] extents;

  /**
   * @param spec of the readouts that are looked for
   */
  public FrameSearch(ReadoutSpec spec) {
    this.spec = spec;
    this.layouts = FrameLayout.of(spec.geometry());
    this.positions = new int[layouts.size()][spec.length()];
    this.extents = new int[layouts.size()];
    for (int layout = 0; layout < positions.length; layout++) {
      for (int slot = 0; slot < spec.length(); slot++) {
        int position = layouts.get(layout).positions().applyAsInt(spec.mask().channelAt(slot));
        positions[layout][slot] = position;
        extents[layout] = Math.max(extents[layout], position + 1);
      }
    }
  }

  /** One exposure, as far as it is known. */
  public final class Trace {
    private final byte[] values;
    private final int[] order;

    private Trace(byte[] values) {
      this.values = values;
      this.order = order(values);
    }

    /**
     * Where a frame of the exposure stands.
     *
     * @param memory channel values
     * @param count how many there are
     * @return the layouts in which one was found; empty, where none was
     */
    public List<String> in(byte[] memory, int count) {
      List<String> found = new ArrayList<>();
      for (int layout = 0; layout < positions.length; layout++) {
        if (contains(memory, count, positions[layout], extents[layout])) {
          found.add(layouts.get(layout).name());
        }
      }
      return found;
    }

    private boolean contains(byte[] memory, int count, int[] places, int extent) {
      for (int begin = 0; begin + extent <= count; begin++) {
        int slot = 0;
        while (slot < order.length && memory[begin + places[order[slot]]] == values[order[slot]]) {
          slot++;
        }
        if (slot == order.length) {
          return true;
        }
      }
      return false;
    }
  }

  /** Whether values differ enough for a frame to be told from other memory. */
  public static boolean enough(byte[] values) {
    boolean[] seen = new boolean[BytePermutation.VALUES];
    int distinct = 0;
    for (byte value : values) {
      if (!seen[Byte.toUnsignedInt(value)]) {
        seen[Byte.toUnsignedInt(value)] = true;
        distinct++;
      }
    }
    return values.length >= LEAST_VALUES && distinct >= LEAST_DISTINCT;
  }

  /**
   * What is looked for of one readout: its values as they were sensed.
   *
   * @param clear in mask order, not copied; overwrite them when the search is over
   * @throws IllegalArgumentException when they are not one for each kept channel
   */
  public Trace trace(byte[] clear) {
    if (clear.length != spec.length()) {
      throw new IllegalArgumentException(
          "%d values for %d channels".formatted(clear.length, spec.length()));
    }
    return new Trace(clear);
  }

  /** The slots, those with rare values first, for most of memory is ruled out by the first. */
  private static int[] order(byte[] values) {
    int[] times = new int[BytePermutation.VALUES];
    for (byte value : values) {
      times[Byte.toUnsignedInt(value)]++;
    }
    // Zeros are what memory is full of.
    times[0] = Integer.MAX_VALUE;
    List<Integer> slots = new ArrayList<>();
    for (int slot = 0; slot < values.length; slot++) {
      slots.add(slot);
    }
    slots.sort(Comparator.comparingInt(slot -> times[Byte.toUnsignedInt(values[slot])]));
    return slots.stream().mapToInt(Integer::intValue).toArray();
  }
}
