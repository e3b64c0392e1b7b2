package dev.blindsight.camera.agent;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.protocol.readout.ReadoutSpec;

/**
 * A sensor, and what it reads.
 *
 * @param sensor opened with the spec
 * @param spec what is read of each exposure
 */
public record OpenedSensor(ReadoutSensor sensor, ReadoutSpec spec) implements AutoCloseable {
  @Override
  public void close() {
    sensor.close();
  }
}
