package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Optional;

/**
 * A sensor opened with a readout spec. Its only product is a {@link Readout}: the kept channels,
 * permuted. Used by one thread at a time; {@link #close()} may come from another.
 */
public interface ReadoutSensor extends AutoCloseable {

  /** The size of an exposure: the spec's. */
  SensorGeometry geometry();

  /** How near the sensor the mask acts, for every readout of this sensor. */
  GuaranteeLevel guarantee();

  /**
   * Takes the next exposure, waiting for the sensor where it sets the pace.
   *
   * @return the readout, which the caller closes; empty when the source has ended
   * @throws SensorException when this exposure failed; the next may succeed
   */
  Optional<Readout> read();

  @Override
  void close();
}
