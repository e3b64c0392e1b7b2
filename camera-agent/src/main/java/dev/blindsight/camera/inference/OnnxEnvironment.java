package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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
    static final OrtEnvironment ENVIRONMENT = create();
  }

  /**
   * The environment, created when first asked for.
   *
   * @throws InferenceException when telemetry cannot be switched off
   */
  static OrtEnvironment get() {
    return Holder.ENVIRONMENT;
  }

  private static OrtEnvironment create() {
    setVariable(TELEMETRY_OFF, "1");
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "blindsight");
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
