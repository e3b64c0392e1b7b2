package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.linux.Readiness;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** The system calls on one open video device. For one thread, but for {@link #wake()}. */
interface VideoDevice extends AutoCloseable {
  /**
   * ioctl(2).
   *
   * @param argument of the request's structure
   */
  void control(VideoRequest request, MemorySegment argument) throws SystemCallException;

  /**
   * mmap(2): the memory of one of the device's buffers.
   *
   * @param length bytes
   * @param offset where the device said the buffer is
   * @param arena unmaps it when it is closed
   */
  Mapped map(long length, long offset, Arena arena) throws SystemCallException;

  /**
   * Memory that the device fills.
   *
   * @param memory of the length asked for
   * @param protection what the system did for it
   */
  record Mapped(MemorySegment memory, MemoryProtection protection) {}

  /** Waits for a frame. */
  Readiness await(Duration timeout) throws SystemCallException;

  /** Ends this wait and all later ones; from any thread, also after closing. */
  void wake();

  @Override
  void close();
}
