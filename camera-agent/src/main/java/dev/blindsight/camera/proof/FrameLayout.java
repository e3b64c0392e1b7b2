package dev.blindsight.camera.proof;

import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * An order in which the channels of a frame may stand in memory.
 *
 * @param name for people
 * @param positions for each channel index in HWC order, how many values it stands after the frame's
 *     first
 */
record FrameLayout(String name, IntUnaryOperator positions) {
  private static final int[] ROW_ALIGNMENTS = {16, 32, 64};

  /** All that are looked for: interleaved, planar, the colours reversed, padded pixels and rows. */
  static List<FrameLayout> of(SensorGeometry geometry) {
    int width = geometry.width();
    int channels = geometry.channels();
    int pixels = width * geometry.height();
    Map<String, IntUnaryOperator> layouts = new LinkedHashMap<>();
    layouts.put("interleaved", channel -> channel);
    if (channels > 1) {
      layouts.put("planar", channel -> channel % channels * pixels + channel / channels);
      layouts.put(
          "reversed", channel -> channel / channels * channels + channels - 1 - channel % channels);
    }
    if (channels == 3) {
      layouts.put("padded pixels", channel -> channel / 3 * 4 + channel % 3);
      layouts.put("padded pixels, reversed", channel -> channel / 3 * 4 + 2 - channel % 3);
    }
    int row = width * channels;
    for (int alignment : ROW_ALIGNMENTS) {
      int stride = (row + alignment - 1) / alignment * alignment;
      if (stride != row) {
        layouts.put("rows of " + stride, channel -> channel / row * stride + channel % row);
      }
    }
    List<FrameLayout> all = new ArrayList<>();
    layouts.forEach((name, positions) -> all.add(new FrameLayout(name, positions)));
    return List.copyOf(all);
  }
}
