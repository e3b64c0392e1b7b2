package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.linux.SystemCallException;

/** Opens video devices: those of the kernel, or of a simulation of it. */
@FunctionalInterface
interface VideoSystem {
  /**
   * Opens a device, so that no call on it waits.
   *
   * @param path its file, as {@code /dev/video0}
   */
  VideoDevice open(String path) throws SystemCallException;
}
