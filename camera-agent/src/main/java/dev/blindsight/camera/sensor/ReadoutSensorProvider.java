package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.readout.ReadoutSpec;

/**
 * Opens sensors of one kind. A new kind is one package with one provider, named in {@code
 * META-INF/services/dev.blindsight.camera.sensor.ReadoutSensorProvider}.
 */
public interface ReadoutSensorProvider {

  /** The scheme that chooses this provider in a {@link SensorSource}: lower case. */
  String scheme();

  /** Whether a source written without a scheme is one of this provider's; asked of each provider in turn. */
  boolean recognises(String location);

  /**
   * Opens a sensor.
   *
   * @param source with this provider's scheme or without one
   * @param spec what to read of each exposure
   * @param device the name the readouts carry
   * @throws dev.blindsight.protocol.UserError one line, when the source is missing, unreadable or does not fit the spec
   */
  ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device);
}
