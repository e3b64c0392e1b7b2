package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.readout.ReadoutSpec;

/**
 * A sensor in front of a scene, with all that it takes to simulate it. What simulates it keeps no
 * frame in this process's Java heap.
 */
public interface Stage extends AutoCloseable {

  /** What it sees. */
  Scene scene();

  /** What the sensor reads. */
  ReadoutSpec spec();

  /** The sensor, open; whoever takes it closes it. */
  ReadoutSensor sensor();

  /** The scene's exposure that the sensor is at, or was at a moment ago. */
  long exposure();

  /** The scene's size as the sensor sees it: what a frame would be. */
  View view();

  @Override
  void close();

  /**
   * A sensor's view of its scene.
   *
   * @param width in pixels
   * @param height in pixels
   * @param channels that the sensor could tell apart
   */
  record View(int width, int height, int channels) {}
}
