package dev.blindsight.camera.sensor.v4l2;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.linux.Readiness;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.v4l2.Videodev2.Field;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A kernel with one video device. It keeps the state of each buffer as V4L2 does (V4L2 API, section
 * 3.2 and the pages of the ioctls): a buffer belongs to the driver once it is queued, is filled in
 * the order of queueing, waits in that order to be dequeued, and belongs to the program from then
 * on; STREAMOFF takes all of them back; REQBUFS is refused while buffers are mapped; S_FMT while
 * there are buffers; a frame for which no buffer is queued is lost. The driver adjusts format, size
 * and rate to the nearest it has, and pads lines to multiples of 32 bytes.
 *
 * <p>Its frames exist only where those of a camera do, in the buffers' memory outside the Java
 * heap, and are computed there from the scene. It checks that each buffer is zero when the program
 * queues it, and again when it is unmapped.
 *
 * <p>The light is a frame number, a row, a column and a channel: for GREY channel 0 is luma; for
 * YUYV channel 0 is luma, 1 and 2 are U and V, which two neighbouring pixels have in common, so
 * that the scene is asked at the left one.
 */
public final class SimulatedVideoDevice {
  private static final int LINE_PADDING = 32;
  private static final long PAGE = 4096;

  private static final Field FORMAT_INDEX = Field.of(Videodev2.V4L2_FMTDESC, "index");
  private static final Field FORMAT_PIXELS = Field.of(Videodev2.V4L2_FMTDESC, "pixelformat");
  private static final Field WIDTH = picture("width");
  private static final Field HEIGHT = picture("height");
  private static final Field PIXELS = picture("pixelformat");
  private static final Field FIELD = picture("field");
  private static final Field BYTES_PER_LINE = picture("bytesperline");
  private static final Field SIZE_IMAGE = picture("sizeimage");
  private static final Field COUNT = Field.of(Videodev2.V4L2_REQUESTBUFFERS, "count");
  private static final Field INDEX = Field.of(Videodev2.V4L2_BUFFER, "index");
  private static final Field BYTES_USED = Field.of(Videodev2.V4L2_BUFFER, "bytesused");
  private static final Field FLAGS = Field.of(Videodev2.V4L2_BUFFER, "flags");
  private static final Field SEQUENCE = Field.of(Videodev2.V4L2_BUFFER, "sequence");
  private static final Field OFFSET = Field.of(Videodev2.V4L2_BUFFER, "m", "offset");
  private static final Field LENGTH = Field.of(Videodev2.V4L2_BUFFER, "length");

  /** What a frame is like. */
  public enum Condition {
    WHOLE,
    /** Data of it is missing, and the driver says so. */
    DAMAGED,
    /** It is shorter than it has to be. */
    SHORT
  }

  private enum Owner {
    PROGRAM,
    QUEUED,
    FILLED
  }

  private static final class Buffer {
    private final int index;
    private final MemorySegment memory;
    private Owner owner = Owner.PROGRAM;
    private int mapped;
    private int bytesUsed;
    private int sequence;
    private Condition condition = Condition.WHOLE;

    Buffer(int index, MemorySegment memory) {
      this.index = index;
      this.memory = memory;
    }
  }

  private final Scene scene;
  private final Map<VideoRequest, Deque<Errno>> failures = new EnumMap<>(VideoRequest.class);
  private final Deque<Condition> conditions = new ArrayDeque<>();
  private final List<Integer> offered = new ArrayList<>();
  private final Deque<Buffer> queued = new ArrayDeque<>();
  private final Deque<Buffer> filled = new ArrayDeque<>();
  private final List<String> violations = new ArrayList<>();
  private List<Buffer> buffers = List.of();
  private Arena memory = Arena.ofShared();
  private int capabilities = Videodev2.V4L2_CAP_VIDEO_CAPTURE | Videodev2.V4L2_CAP_STREAMING;
  private int widthMost = 640;
  private int heightMost = 480;
  private int sideLeast = 2;
  private int field = Videodev2.V4L2_FIELD_NONE;
  private int lieAboutStride;
  private boolean rates = true;
  private int width = 640;
  private int height = 480;
  private int stride = 640;
  private PixelFormat format = PixelFormat.GREY;
  private int numerator = 1;
  private int denominator = 30;
  private long exposure;
  private int sequence;
  private boolean plugged = true;
  private boolean runs = true;
  private boolean streaming;
  private boolean woken;
  private boolean waiting;
  private int opened;
  private int openNow;
  private long lost;

  /**
   * A camera with GREY and YUYV of any even width up to 640 and any height up to 480.
   *
   * @param scene what it sees
   */
  public SimulatedVideoDevice(Scene scene) {
    this.scene = scene;
    offered.add(PixelFormat.GREY.code());
    offered.add(PixelFormat.YUYV.code());
  }

  /** Opens a sensor on this device, as the provider does on the kernel's. */
  public ReadoutSensor open(String source, ReadoutSpec spec, String device) {
    return new V4l2SensorProvider(this::openDevice, Path.of("/dev"))
        .open(SensorSource.parse(source), spec, device);
  }

  VideoSystem system() {
    return this::openDevice;
  }

  // What a test sets.

  synchronized void offer(int... codes) {
    offered.clear();
    for (int code : codes) {
      offered.add(code);
    }
  }

  synchronized void limit(int least, int mostWidth, int mostHeight) {
    sideLeast = least;
    widthMost = mostWidth;
    heightMost = mostHeight;
  }

  synchronized void capable(int bits) {
    capabilities = bits;
  }

  synchronized void interlace(int value) {
    field = value;
  }

  synchronized void shortenStride(int bytes) {
    lieAboutStride = bytes;
  }

  synchronized void withoutRates() {
    rates = false;
  }

  synchronized void fail(VideoRequest request, Errno... errors) {
    failures.computeIfAbsent(request, _ -> new ArrayDeque<>()).addAll(List.of(errors));
  }

  synchronized void next(Condition... next) {
    conditions.addAll(List.of(next));
  }

  synchronized void unplug() {
    plugged = false;
    notifyAll();
  }

  synchronized void plugIn() {
    plugged = true;
  }

  /** From now on exposures are made by {@link #expose} alone. */
  synchronized void stopClock() {
    runs = false;
  }

  /** Lets light fall on the camera some frames long, whether there are buffers for them or not. */
  synchronized void expose(int frames) {
    for (int i = 0; i < frames; i++) {
      fill();
    }
    notifyAll();
  }

  synchronized void awaitWaiting() throws InterruptedException {
    while (!waiting) {
      wait();
    }
  }

  // What a test asks.

  /** What the program did that it must not; empty when all was well. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** Frames the camera has seen so far. */
  public synchronized long exposures() {
    return exposure;
  }

  synchronized long lost() {
    return lost;
  }

  synchronized int timesOpened() {
    return opened;
  }

  synchronized int openNow() {
    return openNow;
  }

  synchronized int mapped() {
    return buffers.stream().mapToInt(buffer -> buffer.mapped).sum();
  }

  synchronized int frameBytes() {
    return stride * height;
  }

  // The kernel's side.

  private static Field picture(String name) {
    return Field.of(Videodev2.V4L2_FORMAT, "fmt", "pix", name);
  }

  private synchronized VideoDevice openDevice(String path) throws SystemCallException {
    if (!plugged) {
      throw error("open", Errno.ENOENT);
    }
    if (openNow > 0) {
      // Opening a busy camera succeeds in Linux; setting it up fails with EBUSY.
      violations.add("opened twice at once");
    }
    opened++;
    openNow++;
    woken = false;
    return new Opened();
  }

  private static SystemCallException error(String call, Errno error) {
    return new SystemCallException(call, error, error.name());
  }

  private void fill() {
    long number = exposure++;
    if (!streaming) {
      return;
    }
    int frame = sequence++;
    Buffer buffer = queued.poll();
    if (buffer == null) {
      lost++;
      return;
    }
    buffer.condition = conditions.isEmpty() ? Condition.WHOLE : conditions.poll();
    buffer.sequence = frame;
    buffer.bytesUsed = stride * height / (buffer.condition == Condition.SHORT ? 2 : 1);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        fillPixel(buffer.memory, number, row, column);
      }
    }
    buffer.owner = Owner.FILLED;
    filled.add(buffer);
  }

  private void fillPixel(MemorySegment target, long number, int row, int column) {
    long pixel = (long) row * stride + (long) column * format.bytesPerPixel();
    put(target, pixel, scene.valueAt(number, row, column, 0));
    if (format == PixelFormat.YUYV) {
      // U belongs to the even, V to the odd place of a pair.
      put(target, pixel + 1, scene.valueAt(number, row, column & ~1, 1 + (column & 1)));
    }
  }

  private static void put(MemorySegment target, long offset, int value) {
    target.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
  }

  private void requireZero(Buffer buffer, String when) {
    for (long offset = 0; offset < buffer.memory.byteSize(); offset++) {
      if (buffer.memory.get(ValueLayout.JAVA_BYTE, offset) != 0) {
        violations.add("buffer %d is not zero at %d when %s".formatted(buffer.index, offset, when));
        return;
      }
    }
  }

  private synchronized void control(VideoRequest request, MemorySegment argument)
      throws SystemCallException {
    if (argument.byteSize() != request.argumentBytes()) {
      violations.add("%s with %d bytes".formatted(request, argument.byteSize()));
    }
    if (!plugged) {
      throw error(request.name(), Errno.ENODEV);
    }
    Deque<Errno> planned = failures.get(request);
    if (planned != null && !planned.isEmpty()) {
      throw error(request.name(), planned.poll());
    }
    switch (request) {
      case VIDIOC_QUERYCAP -> queryCapabilities(argument);
      case VIDIOC_ENUM_FMT -> enumerateFormat(argument);
      case VIDIOC_S_FMT -> setFormat(argument);
      case VIDIOC_G_PARM, VIDIOC_S_PARM -> parameters(request, argument);
      case VIDIOC_REQBUFS -> requestBuffers(argument);
      case VIDIOC_QUERYBUF -> queryBuffer(argument);
      case VIDIOC_QBUF -> queue(argument);
      case VIDIOC_DQBUF -> dequeue(argument);
      case VIDIOC_STREAMON -> streamOn();
      case VIDIOC_STREAMOFF -> streamOff();
    }
  }

  private void queryCapabilities(MemorySegment argument) {
    byte[] card = "Simulated camera".getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(card, 0, argument, ValueLayout.JAVA_BYTE, 16, card.length);
    Field.of(Videodev2.V4L2_CAPABILITY, "capabilities")
        .set(
            argument,
            // Of the whole device, with what another of its files can do.
            Videodev2.V4L2_CAP_VIDEO_CAPTURE
                | Videodev2.V4L2_CAP_STREAMING
                | Videodev2.V4L2_CAP_DEVICE_CAPS);
    Field.of(Videodev2.V4L2_CAPABILITY, "device_caps").set(argument, capabilities);
  }

  private void enumerateFormat(MemorySegment argument) throws SystemCallException {
    int index = FORMAT_INDEX.in(argument);
    if (index >= offered.size()) {
      throw error("VIDIOC_ENUM_FMT", Errno.EINVAL);
    }
    FORMAT_PIXELS.set(argument, offered.get(index));
  }

  private void setFormat(MemorySegment argument) throws SystemCallException {
    if (!buffers.isEmpty()) {
      throw error("VIDIOC_S_FMT", Errno.EBUSY);
    }
    format = PixelFormat.of(PIXELS.in(argument)).orElse(PixelFormat.YUYV);
    width = Math.clamp(WIDTH.in(argument) + 1 & ~1, sideLeast, widthMost);
    height = Math.clamp(HEIGHT.in(argument), sideLeast, heightMost);
    stride = Math.ceilDiv(width * format.bytesPerPixel(), LINE_PADDING) * LINE_PADDING;
    WIDTH.set(argument, width);
    HEIGHT.set(argument, height);
    PIXELS.set(argument, format.code());
    FIELD.set(argument, field);
    BYTES_PER_LINE.set(argument, stride - lieAboutStride);
    SIZE_IMAGE.set(argument, stride * height);
  }

  private void parameters(VideoRequest request, MemorySegment argument) throws SystemCallException {
    if (!rates) {
      throw error(request.name(), Errno.ENOTTY);
    }
    Field over =
        Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "timeperframe", "numerator");
    Field under =
        Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "timeperframe", "denominator");
    if (request == VideoRequest.VIDIOC_S_PARM) {
      // Whole rates up to 30 a second.
      numerator = 1;
      denominator = Math.clamp(under.in(argument) / Math.max(1, over.in(argument)), 1, 30);
    }
    Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "capability")
        .set(argument, Videodev2.V4L2_CAP_TIMEPERFRAME);
    over.set(argument, numerator);
    under.set(argument, denominator);
  }

  private void requestBuffers(MemorySegment argument) throws SystemCallException {
    if (streaming || buffers.stream().anyMatch(buffer -> buffer.mapped > 0)) {
      throw error("VIDIOC_REQBUFS", Errno.EBUSY);
    }
    queued.clear();
    filled.clear();
    memory.close();
    memory = Arena.ofShared();
    List<Buffer> made = new ArrayList<>();
    long length = Math.ceilDiv((long) stride * height, PAGE) * PAGE;
    for (int index = 0; index < COUNT.in(argument); index++) {
      made.add(new Buffer(index, memory.allocate(length, PAGE)));
    }
    buffers = made;
  }

  private Buffer buffer(String call, MemorySegment argument) throws SystemCallException {
    int index = INDEX.in(argument);
    if (index < 0 || index >= buffers.size()) {
      throw error(call, Errno.EINVAL);
    }
    return buffers.get(index);
  }

  private void queryBuffer(MemorySegment argument) throws SystemCallException {
    Buffer buffer = buffer("VIDIOC_QUERYBUF", argument);
    OFFSET.set(argument, (int) (buffer.index * buffer.memory.byteSize()));
    LENGTH.set(argument, (int) buffer.memory.byteSize());
  }

  private void queue(MemorySegment argument) throws SystemCallException {
    Buffer buffer = buffer("VIDIOC_QBUF", argument);
    if (buffer.owner != Owner.PROGRAM) {
      violations.add("buffer %d is queued twice".formatted(buffer.index));
      throw error("VIDIOC_QBUF", Errno.EINVAL);
    }
    requireZero(buffer, "queued");
    buffer.owner = Owner.QUEUED;
    queued.add(buffer);
  }

  private void dequeue(MemorySegment argument) throws SystemCallException {
    if (!streaming) {
      throw error("VIDIOC_DQBUF", Errno.EINVAL);
    }
    Buffer buffer = filled.poll();
    if (buffer == null) {
      throw error("VIDIOC_DQBUF", Errno.EAGAIN);
    }
    buffer.owner = Owner.PROGRAM;
    INDEX.set(argument, buffer.index);
    BYTES_USED.set(argument, buffer.bytesUsed);
    SEQUENCE.set(argument, buffer.sequence);
    FLAGS.set(argument, buffer.condition == Condition.DAMAGED ? Videodev2.V4L2_BUF_FLAG_ERROR : 0);
  }

  private void streamOn() throws SystemCallException {
    if (buffers.isEmpty() || queued.isEmpty()) {
      throw error("VIDIOC_STREAMON", Errno.EINVAL);
    }
    streaming = true;
    sequence = 0;
  }

  private void streamOff() {
    streaming = false;
    queued.clear();
    filled.clear();
    buffers.forEach(buffer -> buffer.owner = Owner.PROGRAM);
  }

  // Memory of the simulated kernel under another arena, as a mapping is.
  @SuppressWarnings("restricted")
  private synchronized VideoDevice.Mapped map(long length, long offset, Arena arena)
      throws SystemCallException {
    for (Buffer buffer : buffers) {
      if (buffer.index * buffer.memory.byteSize() == offset && length <= buffer.memory.byteSize()) {
        buffer.mapped++;
        return new VideoDevice.Mapped(
            buffer.memory.reinterpret(length, arena, _ -> unmapped(buffer)), MemoryProtection.FULL);
      }
    }
    throw error("mmap", Errno.EINVAL);
  }

  private synchronized void unmapped(Buffer buffer) {
    requireZero(buffer, "unmapped");
    buffer.mapped--;
  }

  private synchronized Readiness await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    waiting = true;
    notifyAll();
    try {
      while (!woken && plugged && filled.isEmpty()) {
        if (runs && streaming) {
          fill();
          continue;
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return Readiness.TIMED_OUT;
        }
        wait(left);
      }
      return woken ? Readiness.WOKEN : Readiness.READY;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Readiness.WOKEN;
    } finally {
      waiting = false;
    }
  }

  private synchronized void wake() {
    woken = true;
    notifyAll();
  }

  private final class Opened implements VideoDevice {
    private boolean closed;

    @Override
    public void control(VideoRequest request, MemorySegment argument) throws SystemCallException {
      SimulatedVideoDevice.this.control(request, argument);
    }

    @Override
    public Mapped map(long length, long offset, Arena arena) throws SystemCallException {
      return SimulatedVideoDevice.this.map(length, offset, arena);
    }

    @Override
    public Readiness await(Duration timeout) {
      return SimulatedVideoDevice.this.await(timeout);
    }

    @Override
    public void wake() {
      SimulatedVideoDevice.this.wake();
    }

    @Override
    public void close() {
      synchronized (SimulatedVideoDevice.this) {
        if (!closed) {
          closed = true;
          openNow--;
          streamOff();
          // What is still mapped stays; the kernel frees the rest.
          buffers = buffers.stream().anyMatch(buffer -> buffer.mapped > 0) ? buffers : List.of();
        }
      }
    }
  }
}
