package dev.blindsight.camera.sensor;

import java.util.Optional;

/**
 * A sensor that plays known pictures. The truth travels beside the readouts, never in them, so that
 * nothing downstream can tell such a sensor from a real one except by asking here.
 */
public interface LabelledSensor extends ReadoutSensor {

  /**
   * What an exposure showed.
   *
   * @param sequence the sequence number of a readout of this sensor
   * @return empty when the picture has no label
   */
  Optional<TrueLabel> trueLabel(long sequence);
}
