package dev.blindsight.camera.sensor;

import dev.blindsight.camera.memory.MemoryProtection;
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

  /** Who decides when an exposure is taken. */
  Pace pace();

  /** What it has done since it was opened; from any thread. */
  SensorTraffic traffic();

  /** How the memory that holds its channel values is protected. */
  MemoryProtection protection();

  /**
   * Why it takes no exposure just now though nothing is wrong, in one line: a shutter that is
   * closed; from any thread. Empty while it does.
   */
  default Optional<String> idle() {
    return Optional.empty();
  }

  /**
   * Takes the next exposure, waiting for the sensor where it sets the pace.
   *
   * @return the readout, which the caller closes; empty when the source has ended
   * @throws SensorException when this exposure failed; the next may succeed: a sensor that was
   *     unplugged is set up again then. The caller waits a while, longer each time
   */
  Optional<Readout> read();

  @Override
  void close();
}
