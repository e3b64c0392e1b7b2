package dev.blindsight.trainer.byteformer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * How OpenMP's threads wait for one another: asleep instead of spinning.
 *
 * <p>PyTorch's operators are short, and the threads that have finished one spin until the next. On
 * a machine that does anything else they then take the cores from the threads they wait for, and a
 * step takes many times as long. OpenMP reads its wish from the environment when it is loaded, so
 * it is put there first, unless a person already did.
 */
final class OpenMpWaiting {

  private static final String VARIABLE = "OMP_WAIT_POLICY";
  private static final String WISH = "PASSIVE";

  private OpenMpWaiting() {}

  /** Must run before PyTorch is loaded. Has no effect where the C library has no {@code setenv}. */
  static void sleepWhenIdle() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("setenv");
    if (System.getenv(VARIABLE) == null && function.isPresent()) {
      setEnvironment(linker, function.get());
    }
  }

  @SuppressWarnings("restricted") // The signature is that of POSIX: setenv(name, value, overwrite).
  private static void setEnvironment(Linker linker, MemorySegment function) {
    MethodHandle setenv =
        linker.downcallHandle(
            function,
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int) setenv.invokeExact(arena.allocateFrom(VARIABLE), arena.allocateFrom(WISH), 0);
      if (failed != 0) {
        throw new IllegalStateException("setenv refused " + VARIABLE);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling setenv failed", e);
    }
  }
}
