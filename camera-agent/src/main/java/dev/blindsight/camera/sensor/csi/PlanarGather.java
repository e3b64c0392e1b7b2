package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.protocol.readout.Readout;

/** Picks the kept channels from a frame that passes by. */
sealed interface PlanarGather extends AutoCloseable permits LumaGather, ColourGather {
  /**
   * Makes the readout of a frame, all of which has passed by then.
   *
   * @throws StreamBrokenException when the frame does not come to its end; nothing of it is kept
   */
  Readout take(Acquisition acquisition, PassingFrame frame);

  /** How memory of its own is protected. */
  MemoryProtection protection();

  @Override
  void close();
}
