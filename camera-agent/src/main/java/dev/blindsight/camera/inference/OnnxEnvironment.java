package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The process's one ONNX Runtime environment, with its telemetry off. From version 1.29 on, the
 * published builds report to their maker over the network, which this product promises not to do;
 * and collecting the report crashes the process when its command line is longer than about 4,000
 * bytes. Both begin when the environment is created, and only a variable of the process's
 * environment prevents them.
 */
final class OnnxEnvironment {
  private static final String TELEMETRY_OFF = "ORT_DISABLE_TELEMETRY";

  private OnnxEnvironment() {}

  private static final class Holder {
    static final Attempt ATTEMPT = attempt();
  }

  /** The environment, or why there is none; that does not change while the process lives. */
  private record Attempt(@Nullable OrtEnvironment environment, String failure) {}

  /**
   * The environment, created when first asked for.
   *
   * @throws InferenceException one line, when ONNX Runtime cannot run on this machine or telemetry
   *     cannot be switched off
   */
  static OrtEnvironment get() {
    OrtEnvironment environment = Holder.ATTEMPT.environment();
    if (environment == null) {
      throw new InferenceException(Holder.ATTEMPT.failure());
    }
    return environment;
  }

  /** What went wrong, in one line. */
  static String firstLine(OrtException e) {
    return firstLine(e.getMessage());
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("no reason given");
  }

  private static Attempt attempt() {
    try {
      return new Attempt(create(), "");
    } catch (InferenceException e) {
      return new Attempt(null, e.getMessage());
    } catch (LinkageError e) {
      // What a static initialiser threw says more than that it threw.
      Throwable reason = e;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      return new Attempt(null, unstarted(firstLine(reason.getMessage())));
    }
  }

  private static String unstarted(String reason) {
    // What the dynamic linker of glibc says when memory for a library is refused.
    if (reason.contains("failed to map segment") || reason.contains("Cannot allocate memory")) {
      return "too little memory to start ONNX Runtime (%s): free some, or let a worker answer"
          .formatted(reason);
    }
    return "ONNX Runtime does not start on this machine, %s on %s (%s): use a 64-bit system on x86-64 or ARM with glibc, or let a worker answer"
        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), reason);
  }

  private static OrtEnvironment create() {
    setVariable(TELEMETRY_OFF, "1");
    // What fails is thrown, and told once, by whoever catches it.
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "blindsight");
    try {
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException e) {
      throw new InferenceException(
          "ONNX Runtime's telemetry cannot be switched off: " + e.getMessage(), e);
    }
  }

  /** Java cannot change the variables of its own process; setenv of POSIX.1-2017 can. */
  @SuppressWarnings(
      "restricted") // the one native call of this program's own, with constant arguments
  private static void setVariable(String name, String value) {
    if (value.equals(System.getenv(name))) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (result != 0) {
        throw new InferenceException("the variable %s cannot be set".formatted(name));
      }
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new InferenceException("the variable %s cannot be set".formatted(name), e);
    }
  }
}
