package dev.blindsight.camera.sensor.v4l2;

import static dev.blindsight.camera.sensor.v4l2.Videodev2.V4L2_BUF_TYPE_VIDEO_CAPTURE;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.v4l2.Videodev2.Field;
import dev.blindsight.protocol.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffers a camera fills, mapped into this process, and the camera filling them: from {@link
 * #start} to {@link #close}. A buffer belongs to the driver while it is queued and to us while it
 * is not; each is overwritten before it goes back, and all are at the end (V4L2 API, section 3.2,
 * streaming I/O with memory mapping).
 */
final class BufferRing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BufferRing.class);

  /** Enough for the camera to go on while one is gathered and a few wait. */
  static final int WANTED = 4;

  private static final int LEAST = 2;
  private static final int MOST = 32;

  private static final Field COUNT = Field.of(Videodev2.V4L2_REQUESTBUFFERS, "count");
  private static final Field REQUEST_TYPE = Field.of(Videodev2.V4L2_REQUESTBUFFERS, "type");
  private static final Field REQUEST_MEMORY = Field.of(Videodev2.V4L2_REQUESTBUFFERS, "memory");
  private static final Field INDEX = Field.of(Videodev2.V4L2_BUFFER, "index");
  private static final Field TYPE = Field.of(Videodev2.V4L2_BUFFER, "type");
  private static final Field BYTES_USED = Field.of(Videodev2.V4L2_BUFFER, "bytesused");
  private static final Field FLAGS = Field.of(Videodev2.V4L2_BUFFER, "flags");
  private static final Field MEMORY = Field.of(Videodev2.V4L2_BUFFER, "memory");
  private static final Field OFFSET = Field.of(Videodev2.V4L2_BUFFER, "m", "offset");
  private static final Field LENGTH = Field.of(Videodev2.V4L2_BUFFER, "length");
  private static final Field STREAM_TYPE = Field.of(Videodev2.BUFFER_TYPE, "type");

  private final VideoDevice device;
  private final String path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment scratch = arena.allocate(Videodev2.V4L2_BUFFER);
  private final List<MemorySegment> buffers = new ArrayList<>();
  private MemoryProtection protection = MemoryProtection.FULL;

  private BufferRing(VideoDevice device, String path) {
    this.device = device;
    this.path = path;
  }

  /**
   * Has the driver allocate buffers, maps and queues them, and starts the camera.
   *
   * @throws UserError when the driver's buffers cannot hold a frame of this mode
   */
  static BufferRing start(VideoDevice device, String path, VideoMode mode)
      throws SystemCallException {
    BufferRing ring = new BufferRing(device, path);
    boolean started = false;
    try {
      int count = ring.request(WANTED);
      if (count < LEAST || count > MOST) {
        throw new UserError(
            "%s: its driver gives %d buffers, wanted are %d to %d: give a lower size"
                .formatted(path, count, LEAST, MOST));
      }
      for (int index = 0; index < count; index++) {
        ring.mapBuffer(index, mode);
      }
      for (int index = 0; index < count; index++) {
        ring.queue(index);
      }
      ring.stream(VideoRequest.VIDIOC_STREAMON);
      started = true;
      return ring;
    } finally {
      if (!started) {
        ring.close();
      }
    }
  }

  /**
   * A frame the camera has filled and given to us.
   *
   * @param index of its buffer
   * @param memory of its buffer, all of it
   * @param bytes that the driver says it wrote
   * @param damaged whether the driver says that data is missing
   */
  record Frame(int index, MemorySegment memory, long bytes, boolean damaged) {}

  /** How many buffers there are, at least 2. */
  int size() {
    return buffers.size();
  }

  /** What the system does for the buffers' memory. */
  MemoryProtection protection() {
    return protection;
  }

  /** The oldest frame that nobody has taken yet; empty when there is none. */
  Optional<Frame> dequeue() throws SystemCallException {
    describe(0);
    try {
      device.control(VideoRequest.VIDIOC_DQBUF, scratch);
    } catch (SystemCallException e) {
      if (e.error() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throw e;
    }
    int index = INDEX.in(scratch);
    if (index < 0 || index >= buffers.size()) {
      throw new SystemCallException(
          VideoRequest.VIDIOC_DQBUF.name(), Errno.EIO, "there is no buffer " + index);
    }
    return Optional.of(
        new Frame(
            index,
            buffers.get(index),
            Integer.toUnsignedLong(BYTES_USED.in(scratch)),
            (FLAGS.in(scratch) & Videodev2.V4L2_BUF_FLAG_ERROR) != 0));
  }

  /** Overwrites a frame and gives its buffer back to the camera. */
  void giveBack(Frame frame) throws SystemCallException {
    frame.memory().fill((byte) 0);
    queue(frame.index());
  }

  private int request(int count) throws SystemCallException {
    MemorySegment request = arena.allocate(Videodev2.V4L2_REQUESTBUFFERS);
    COUNT.set(request, count);
    REQUEST_TYPE.set(request, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    REQUEST_MEMORY.set(request, Videodev2.V4L2_MEMORY_MMAP);
    device.control(VideoRequest.VIDIOC_REQBUFS, request);
    return COUNT.in(request);
  }

  private void mapBuffer(int index, VideoMode mode) throws SystemCallException {
    describe(index);
    device.control(VideoRequest.VIDIOC_QUERYBUF, scratch);
    long length = Integer.toUnsignedLong(LENGTH.in(scratch));
    if (length < mode.frameBytes()) {
      throw new UserError(
          "%s: its buffers have %d bytes, a frame of %s has %d: give another size"
              .formatted(path, length, mode, mode.frameBytes()));
    }
    VideoDevice.Mapped mapped =
        device.map(length, Integer.toUnsignedLong(OFFSET.in(scratch)), arena);
    protection = protection.and(mapped.protection());
    buffers.add(mapped.memory());
  }

  private void queue(int index) throws SystemCallException {
    describe(index);
    device.control(VideoRequest.VIDIOC_QBUF, scratch);
  }

  private void describe(int index) {
    scratch.fill((byte) 0);
    INDEX.set(scratch, index);
    TYPE.set(scratch, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    MEMORY.set(scratch, Videodev2.V4L2_MEMORY_MMAP);
  }

  private void stream(VideoRequest request) throws SystemCallException {
    MemorySegment type = arena.allocate(Videodev2.BUFFER_TYPE);
    STREAM_TYPE.set(type, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    device.control(request, type);
  }

  /** Stops the camera, overwrites all buffers, and gives them back. */
  @Override
  public void close() {
    // Each step is for its own: a camera that has been unplugged refuses the calls, its memory
    // stays.
    attempt(() -> stream(VideoRequest.VIDIOC_STREAMOFF));
    buffers.forEach(buffer -> buffer.fill((byte) 0));
    MemorySegment none = Arena.ofAuto().allocate(Videodev2.V4L2_REQUESTBUFFERS);
    REQUEST_TYPE.set(none, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    REQUEST_MEMORY.set(none, Videodev2.V4L2_MEMORY_MMAP);
    // Buffers that are mapped are not given back.
    arena.close();
    attempt(() -> device.control(VideoRequest.VIDIOC_REQBUFS, none));
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SystemCallException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (SystemCallException e) {
      log.debug("{}: while closing: {}", path, e.getMessage());
    }
  }
}
