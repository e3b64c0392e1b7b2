package dev.blindsight.camera.sensor.linux;

import dev.blindsight.protocol.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Locale;

/**
 * System calls through the C library (section 2 of the manual pages), for little-endian Linux of 64
 * bits, where the sizes of {@code long} and of pointers are as written here. An interrupted call is
 * made again.
 */
public final class LinuxCalls {
  /** open(2): for reading and writing. */
  public static final int O_RDWR = 2;

  /** open(2): calls that would wait fail with {@link Errno#EAGAIN}. */
  public static final int O_NONBLOCK = 0x800;

  /** open(2), pipe2(2): not for child processes. */
  public static final int O_CLOEXEC = 0x80000;

  private static final int EFD_CLOEXEC = O_CLOEXEC;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MADV_DONTDUMP = 16;
  private static final int F_SETPIPE_SZ = 1031;
  private static final short POLLIN = 1;
  private static final int MOST_MILLISECONDS = 3_600_000;

  private static final StructLayout POLLFD =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT.withName("fd"),
          ValueLayout.JAVA_SHORT.withName("events"),
          ValueLayout.JAVA_SHORT.withName("revents"));
  private static final long REVENTS =
      POLLFD.byteOffset(MemoryLayout.PathElement.groupElement("revents"));
  private static final long EVENTS =
      POLLFD.byteOffset(MemoryLayout.PathElement.groupElement("events"));

  private LinuxCalls() {}

  /** Whether this machine is one these calls are written for. */
  public static boolean supported() {
    return System.getProperty("os.name", "").equals("Linux")
        && ValueLayout.ADDRESS.byteSize() == Long.BYTES
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * Refuses other machines.
   *
   * @param what needs these calls, for people
   * @throws UserError when this is none of 64-bit little-endian Linux
   */
  public static void require(String what) {
    if (!supported()) {
      throw new UserError(
          "%s need Linux of 64 bits, this is %s %s: run it on such a machine, or give another source"
              .formatted(what, System.getProperty("os.name"), System.getProperty("os.arch")));
    }
  }

  /**
   * open(2) of a file that exists.
   *
   * @return a file descriptor
   */
  public static int open(String path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) call("open", state -> (int) Handles.OPEN.invokeExact(state, name, flags));
    }
  }

  /** close(2); that it fails tells nothing one could act upon. */
  public static void close(int descriptor) {
    try {
      call("close", state -> (int) Handles.CLOSE.invokeExact(state, descriptor));
    } catch (SystemCallException _) {
      // The descriptor is gone all the same, as the manual page says.
    }
  }

  /**
   * ioctl(2).
   *
   * @param name the request's, for people
   * @param argument the structure the request reads and writes
   */
  public static void ioctl(int descriptor, String name, long request, MemorySegment argument)
      throws SystemCallException {
    call(name, state -> (int) Handles.IOCTL.invokeExact(state, descriptor, request, argument));
  }

  /**
   * mmap(2), shared, for reading and writing.
   *
   * @param arena unmaps it when it is closed
   */
  // A segment is as long as what has been mapped, and lives until it is unmapped.
  @SuppressWarnings("restricted")
  public static MemorySegment map(int descriptor, long length, long offset, Arena arena)
      throws SystemCallException {
    long address =
        call(
            "mmap",
            state ->
                (long)
                    Handles.MMAP.invokeExact(
                        state,
                        MemorySegment.NULL,
                        length,
                        PROT_READ_WRITE,
                        MAP_SHARED,
                        descriptor,
                        offset));
    return MemorySegment.ofAddress(address).reinterpret(length, arena, LinuxCalls::unmap);
  }

  private static void unmap(MemorySegment mapped) {
    long length = mapped.byteSize();
    try {
      call("munmap", state -> (int) Handles.MUNMAP.invokeExact(state, mapped, length));
    } catch (SystemCallException e) {
      throw new IllegalStateException(e);
    }
  }

  /** madvise(2), MADV_DONTDUMP: keeps mapped memory out of core dumps. */
  public static void keepOutOfCoreDumps(MemorySegment mapped) throws SystemCallException {
    long length = mapped.byteSize();
    call(
        "madvise",
        state -> (int) Handles.MADVISE.invokeExact(state, mapped, length, MADV_DONTDUMP));
  }

  /**
   * read(2).
   *
   * @param target native memory, not empty
   * @return the bytes read, at most as many as the memory has; 0 at the end
   */
  public static long read(int descriptor, MemorySegment target) throws SystemCallException {
    long length = target.byteSize();
    return call(
        "read", state -> (long) Handles.READ.invokeExact(state, descriptor, target, length));
  }

  /** pipe2(2), not for child processes. */
  public static PipeEnds pipe() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      call("pipe", state -> (int) Handles.PIPE2.invokeExact(state, ends, O_CLOEXEC));
      return new PipeEnds(
          ends.getAtIndex(ValueLayout.JAVA_INT, 0), ends.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }

  /**
   * The two file descriptors of a pipe.
   *
   * @param reading what has been written is read from it
   * @param writing what is written to it
   */
  public record PipeEnds(int reading, int writing) {}

  /**
   * fcntl(2), F_SETPIPE_SZ: how much the kernel keeps of what nobody has read yet.
   *
   * @param bytes wanted
   * @return bytes it keeps, rounded up to whole pages
   */
  public static int setPipeSize(int descriptor, int bytes) throws SystemCallException {
    return (int)
        call(
            "fcntl",
            state -> (int) Handles.FCNTL.invokeExact(state, descriptor, F_SETPIPE_SZ, bytes));
  }

  static int eventfd() throws SystemCallException {
    return (int) call("eventfd", state -> (int) Handles.EVENTFD.invokeExact(state, 0, EFD_CLOEXEC));
  }

  static void addToEvent(int descriptor) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
      call(
          "write",
          state ->
              (long)
                  Handles.WRITE.invokeExact(
                      state, descriptor, one, ValueLayout.JAVA_LONG.byteSize()));
    }
  }

  static Readiness poll(int input, int wakeup, Duration timeout) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment descriptors = arena.allocate(POLLFD, 2);
      long second = POLLFD.byteSize();
      descriptors.set(ValueLayout.JAVA_INT, 0, input);
      descriptors.set(ValueLayout.JAVA_SHORT, EVENTS, POLLIN);
      descriptors.set(ValueLayout.JAVA_INT, second, wakeup);
      descriptors.set(ValueLayout.JAVA_SHORT, second + EVENTS, POLLIN);
      // Rounded up, so that a wait of less than a millisecond is one.
      int milliseconds =
          (int) Math.min(MOST_MILLISECONDS, Math.ceilDiv(timeout.toNanos(), 1_000_000L));
      long ready =
          call(
              "poll",
              state -> (int) Handles.POLL.invokeExact(state, descriptors, 2L, milliseconds));
      if (ready == 0) {
        return Readiness.TIMED_OUT;
      }
      if (descriptors.get(ValueLayout.JAVA_SHORT, second + REVENTS) != 0) {
        return Readiness.WOKEN;
      }
      return (descriptors.get(ValueLayout.JAVA_SHORT, REVENTS) & POLLIN) != 0
          ? Readiness.READY
          : Readiness.HUNG_UP;
    }
  }

  /** What strerror(3) says of an error number. */
  public static String describe(int number) {
    try {
      return text((MemorySegment) Handles.STRERROR.invokeExact(number));
    } catch (Throwable e) {
      throw new IllegalStateException("strerror", e);
    }
  }

  // The C library promises a string that ends with a zero byte.
  @SuppressWarnings("restricted")
  private static String text(MemorySegment string) {
    return string.reinterpret(Integer.MAX_VALUE).getString(0);
  }

  @FunctionalInterface
  private interface Call {
    /** The call's result: -1 when it failed. */
    @SuppressWarnings("IllegalThrows") // What a method handle declares.
    long make(MemorySegment state) throws Throwable;
  }

  private static long call(String name, Call call) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Handles.STATE);
      while (true) {
        long result = make(name, call, state);
        if (result != -1) {
          return result;
        }
        int number = (int) Handles.ERRNO.get(state, 0L);
        if (number != Errno.EINTR.number()) {
          throw new SystemCallException(name, Errno.of(number), describe(number));
        }
      }
    }
  }

  private static long make(String name, Call call, MemorySegment state) {
    try {
      return call.make(state);
    } catch (Throwable e) {
      throw new IllegalStateException(name.toLowerCase(Locale.ROOT), e);
    }
  }

  /** Found when the first call is made, so that nothing is looked up on other machines. */
  private static final class Handles {
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    static final MethodHandle OPEN = variadic("open", 2, INT, POINTER, INT);
    static final MethodHandle CLOSE = fixed("close", INT, INT);
    static final MethodHandle IOCTL = variadic("ioctl", 2, INT, INT, LONG, POINTER);
    static final MethodHandle MMAP = fixed("mmap", LONG, POINTER, LONG, INT, INT, INT, LONG);
    static final MethodHandle MUNMAP = fixed("munmap", INT, POINTER, LONG);
    static final MethodHandle MADVISE = fixed("madvise", INT, POINTER, LONG, INT);
    static final MethodHandle READ = fixed("read", LONG, INT, POINTER, LONG);
    static final MethodHandle WRITE = fixed("write", LONG, INT, POINTER, LONG);
    static final MethodHandle PIPE2 = fixed("pipe2", INT, POINTER, INT);
    static final MethodHandle FCNTL = variadic("fcntl", 2, INT, INT, INT, INT);
    static final MethodHandle EVENTFD = fixed("eventfd", INT, INT, INT);
    static final MethodHandle POLL = fixed("poll", INT, POINTER, LONG, INT);
    static final MethodHandle STRERROR =
        handle("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, INT));

    private static MethodHandle fixed(
        String name, MemoryLayout result, MemoryLayout... parameters) {
      return handle(
          name, FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(
        String name, int first, MemoryLayout result, MemoryLayout... parameters) {
      return handle(
          name,
          FunctionDescriptor.of(result, parameters),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(first));
    }

    // Each function has the signature its manual page documents.
    @SuppressWarnings("restricted")
    private static MethodHandle handle(
        String name, FunctionDescriptor signature, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().find(name).orElseThrow(), signature, options);
    }

    private Handles() {}
  }
}
