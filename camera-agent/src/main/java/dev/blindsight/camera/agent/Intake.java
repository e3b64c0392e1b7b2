package dev.blindsight.camera.agent;

import java.util.Optional;

/** Where the loop takes exposures from: a sensor as it is, or the newest of a live one. */
interface Intake extends AutoCloseable {

  /**
   * The next exposure.
   *
   * @return empty when there is none any more
   * @throws dev.blindsight.camera.sensor.SensorException when it could not be taken
   * @throws dev.blindsight.protocol.UserError when its source is damaged
   */
  Optional<Captured> next() throws InterruptedException;

  /** How many exposures were taken that nobody looked at before a newer one was there. */
  long dropped();

  /** Lets {@link #next()} return; takes nothing more. */
  @Override
  void close();
}
