package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.List;
import java.util.Set;

/**
 * Opens sensors of one kind. A new kind is one package with one provider, named in {@code
 * META-INF/services/dev.blindsight.camera.sensor.ReadoutSensorProvider}.
 */
public interface ReadoutSensorProvider {

  /** What {@code sensor list} shows of it; its name is the scheme that chooses this provider. */
  SensorKind kind();

  /** Further schemes that choose it: lower case. */
  default Set<String> aliases() {
    return Set.of();
  }

  /**
   * Where on this machine there may be such a sensor: device files, buses. Looks, and touches
   * nothing.
   *
   * @return sources or paths, for people; empty when there is nothing, or nothing to look for
   */
  default List<String> present() {
    return List.of();
  }

  /**
   * Whether a source written without a scheme is one of this provider's; asked of each provider in
   * turn.
   */
  boolean recognises(String location);

  /**
   * Opens a sensor.
   *
   * @param source with this provider's scheme or without one
   * @param spec what to read of each exposure
   * @param device the name the readouts carry
   * @throws dev.blindsight.protocol.UserError one line, when the source is missing, unreadable or
   *     does not fit the spec
   */
  ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device);

  /**
   * The part of a source that one of several cameras plays, so that together they play it once. A
   * live source is everybody's as it is.
   *
   * @param camera 0..cameras-1
   * @param cameras how many share it, at least 1
   */
  default SensorSource share(SensorSource source, int camera, int cameras) {
    return source;
  }
}
