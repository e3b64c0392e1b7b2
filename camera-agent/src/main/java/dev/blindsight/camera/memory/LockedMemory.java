package dev.blindsight.camera.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * A piece of native memory of whole pages that the kernel neither swaps out (mlock(2)) nor writes
 * to core dumps (madvise(2), MADV_DONTDUMP), where the system allows; overwritten with zeros when
 * it is closed. Without those calls it is memory like any other, and {@link #protection()} says so.
 * Thread-safe as far as the memory's users are: closing waits for nobody, so that whoever still
 * uses a segment of it gets an {@link IllegalStateException}.
 */
public final class LockedMemory implements AutoCloseable {
  private static final int MADV_DONTDUMP = 16;
  private static final int ENOMEM = 12;
  private static final int EPERM = 1;
  private static final int EAGAIN = 11;
  private static final MemoryCalls SYSTEM = MemoryCalls.find();

  /** Not 4096 everywhere: kernels for the Raspberry Pi 5 have pages of 16 kB. */
  private static final long PAGE = SYSTEM.pageBytes();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment whole;
  private final MemorySegment used;
  private final MemoryProtection protection;

  private LockedMemory(long bytes) {
    long pages = (bytes + PAGE - 1) / PAGE * PAGE;
    this.whole = arena.allocate(pages, PAGE);
    this.used = whole.asSlice(0, bytes);
    this.protection = SYSTEM.protect(whole);
  }

  /**
   * Allocates memory, filled with zeros.
   *
   * @param bytes at least 1
   */
  public static LockedMemory allocate(long bytes) {
    return new LockedMemory(bytes);
  }

  /** The memory, exactly as long as asked for; it begins at a page. */
  public MemorySegment segment() {
    return used;
  }

  /** What the system did for it. */
  public MemoryProtection protection() {
    return protection;
  }

  /** Overwrites the memory and gives it back. A second time it does nothing. */
  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    whole.fill((byte) 0);
    // Freed pages are unlocked by hand, for the allocator may use them again.
    SYSTEM.release(whole, protection.locked());
    arena.close();
  }

  /** The calls of the C library, where there is one that has them. */
  private record MemoryCalls(Optional<Calls> calls) {
    private record Calls(
        MethodHandle mlock, MethodHandle munlock, MethodHandle madvise, MethodHandle pageSize) {}

    private static final long USUAL_PAGE = 4096;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // Calls of the C library are what this class is for; each handle has its documented signature.
    @SuppressWarnings("restricted")
    static MemoryCalls find() {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      FunctionDescriptor lock =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
      FunctionDescriptor advise = lock.appendArgumentLayouts(ValueLayout.JAVA_INT);
      Linker.Option errno = Linker.Option.captureCallState("errno");
      Optional<MemorySegment> mlock = library.find("mlock");
      Optional<MemorySegment> munlock = library.find("munlock");
      Optional<MemorySegment> madvise = library.find("madvise");
      Optional<MemorySegment> pageSize = library.find("getpagesize");
      if (mlock.isEmpty() || munlock.isEmpty() || madvise.isEmpty() || pageSize.isEmpty()) {
        return new MemoryCalls(Optional.empty());
      }
      return new MemoryCalls(
          Optional.of(
              new Calls(
                  linker.downcallHandle(mlock.get(), lock, errno),
                  linker.downcallHandle(munlock.get(), lock, errno),
                  linker.downcallHandle(madvise.get(), advise, errno),
                  linker.downcallHandle(
                      pageSize.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT)))));
    }

    long pageBytes() {
      if (calls.isEmpty()) {
        return USUAL_PAGE;
      }
      try {
        return (int) calls.get().pageSize().invoke();
      } catch (Throwable e) {
        throw new IllegalStateException("getpagesize", e);
      }
    }

    MemoryProtection protect(MemorySegment pages) {
      if (calls.isEmpty()) {
        return new MemoryProtection(
            false, false, "memory is not locked: this system has no mlock and madvise");
      }
      try (Arena scratch = Arena.ofConfined()) {
        MemorySegment state = scratch.allocate(STATE);
        boolean locked = (int) calls.get().mlock().invoke(state, pages, pages.byteSize()) == 0;
        String unlocked = locked ? null : refusal((int) ERRNO.get(state, 0L), pages.byteSize());
        boolean undumped =
            (int) calls.get().madvise().invoke(state, pages, pages.byteSize(), MADV_DONTDUMP) == 0;
        String dumped =
            undumped
                ? null
                : "memory is not kept out of core dumps: madvise fails with error "
                    + (int) ERRNO.get(state, 0L);
        return new MemoryProtection(locked, undumped, unlocked != null ? unlocked : dumped);
      } catch (Throwable e) {
        throw new IllegalStateException("mlock or madvise", e);
      }
    }

    private static String refusal(int error, long bytes) {
      return switch (error) {
        case ENOMEM, EPERM, EAGAIN ->
            "memory is not locked: %d kB more than the process may lock: raise LimitMEMLOCK (ulimit -l)"
                .formatted(bytes / 1024);
        default -> "memory is not locked: mlock fails with error " + error;
      };
    }

    void release(MemorySegment pages, boolean locked) {
      if (calls.isEmpty() || !locked) {
        return;
      }
      try (Arena scratch = Arena.ofConfined()) {
        int _ =
            (int) calls.get().munlock().invoke(scratch.allocate(STATE), pages, pages.byteSize());
      } catch (Throwable e) {
        throw new IllegalStateException("munlock", e);
      }
    }
  }
}
