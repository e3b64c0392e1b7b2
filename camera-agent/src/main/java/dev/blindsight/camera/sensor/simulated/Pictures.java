package dev.blindsight.camera.sensor.simulated;

import dev.blindsight.camera.sensor.TrueLabel;
import java.util.Optional;

/** Labelled pictures of one geometry, in a fixed order. */
interface Pictures {

  /** How many there are, at least 1. */
  int size();

  /**
   * One of them as it would fall on the chip.
   *
   * @param index 0..size-1
   * @throws dev.blindsight.protocol.UserError when the picture cannot be read or has another size
   */
  Exposure exposure(int index);

  /**
   * What a picture shows, when known. It travels beside the exposure, so that it can be in no
   * readout.
   *
   * @param index 0..size-1
   */
  Optional<TrueLabel> label(int index);
}
