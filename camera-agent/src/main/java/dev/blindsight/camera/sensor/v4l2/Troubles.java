package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.linux.SystemCallException;

/** Says what a failed system call on a video device means, and how to mend it. */
final class Troubles {
  private Troubles() {}

  /**
   * One line: what, where, how to mend it.
   *
   * @param path the device's file
   */
  static String describe(String path, SystemCallException failure) {
    String what = "%s: %s (%s)".formatted(path, failure.reason(), failure.call());
    return switch (failure.error()) {
      case ENOENT -> what + ": no such camera: plug it in, or see \"sensor list\" for those there";
      case EACCES, EPERM -> what + ": may not be opened: add the user to the group video";
      case EBUSY -> what + ": another program uses the camera: end that program";
      case ENODEV, ENXIO -> what + ": the camera has been unplugged: plug it in again";
      case ENOTTY -> what + ": is no video device: give one, as /dev/video0";
      case EIO -> what + ": the camera or its cable fails: plug it in again, or into another port";
      case ENOSPC ->
          what
              + ": the USB bus has no bandwidth left: give a lower rate or size, or use another"
              + " port";
      case ENOMEM ->
          what + ": the kernel has no memory for the camera's buffers: give a lower size";
      default -> what + ": the camera refuses: try another size, format or rate";
    };
  }
}
