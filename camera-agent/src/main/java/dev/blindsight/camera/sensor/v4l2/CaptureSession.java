package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;

/**
 * A camera from being plugged in to being unplugged: open, set and streaming.
 *
 * @param device open until the session is closed
 * @param mode what the camera is set to
 * @param ring its buffers
 * @param plan where in them the kept channels lie
 */
record CaptureSession(VideoDevice device, VideoMode mode, BufferRing ring, GatherPlan plan)
    implements AutoCloseable {

  /**
   * Sets up an open camera, which is closed when that fails.
   *
   * @throws UserError when it does not fit
   */
  static CaptureSession start(VideoDevice device, V4l2Settings settings, ReadoutSpec spec)
      throws SystemCallException {
    boolean started = false;
    try {
      VideoMode mode = new Negotiation(device, settings, spec.geometry().channels()).settle();
      GatherPlan plan = new GatherPlan(spec, mode);
      BufferRing ring = BufferRing.start(device, settings.path(), mode);
      started = true;
      return new CaptureSession(device, mode, ring, plan);
    } finally {
      if (!started) {
        device.close();
      }
    }
  }

  @Override
  public void close() {
    ring.close();
    device.close();
  }
}
