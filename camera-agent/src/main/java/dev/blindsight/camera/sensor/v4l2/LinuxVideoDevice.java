package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.linux.LinuxCalls;
import dev.blindsight.camera.sensor.linux.Readiness;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.linux.Wakeup;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A video device of the kernel. */
final class LinuxVideoDevice implements VideoDevice {
  private final int descriptor;
  private final Wakeup wakeup;

  private LinuxVideoDevice(int descriptor, Wakeup wakeup) {
    this.descriptor = descriptor;
    this.wakeup = wakeup;
  }

  /**
   * Opens a device of this machine.
   *
   * @throws dev.blindsight.protocol.UserError when the machine is no Linux of 64 bits
   */
  static VideoDevice open(String path) throws SystemCallException {
    LinuxCalls.require("video devices");
    int descriptor =
        LinuxCalls.open(path, LinuxCalls.O_RDWR | LinuxCalls.O_NONBLOCK | LinuxCalls.O_CLOEXEC);
    try {
      return new LinuxVideoDevice(descriptor, Wakeup.open());
    } catch (SystemCallException e) {
      LinuxCalls.close(descriptor);
      throw e;
    }
  }

  @Override
  public void control(VideoRequest request, MemorySegment argument) throws SystemCallException {
    LinuxCalls.ioctl(descriptor, request.name(), request.number(), argument);
  }

  @Override
  public Mapped map(long length, long offset, Arena arena) throws SystemCallException {
    MemorySegment memory = LinuxCalls.map(descriptor, length, offset, arena);
    try {
      LinuxCalls.keepOutOfCoreDumps(memory);
      // The kernel's buffers for devices are never swapped out.
      return new Mapped(memory, MemoryProtection.FULL);
    } catch (SystemCallException e) {
      return new Mapped(
          memory,
          new MemoryProtection(
              true,
              false,
              "the camera's buffers are not kept out of core dumps: " + e.getMessage()));
    }
  }

  @Override
  public Readiness await(Duration timeout) throws SystemCallException {
    return wakeup.await(descriptor, timeout);
  }

  @Override
  public void wake() {
    wakeup.signal();
  }

  @Override
  public void close() {
    wakeup.close();
    LinuxCalls.close(descriptor);
  }
}
