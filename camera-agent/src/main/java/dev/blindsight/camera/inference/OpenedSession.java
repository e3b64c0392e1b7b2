package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * A session and where it runs.
 *
 * @param provider what the session runs on
 * @param gaveUp why it does not run on the GPU, where the library has the provider for it and it
 *     was not asked for the processor; one line
 * @param <S> a session
 */
record OpenedSession<S>(S session, ExecutionProvider provider, @Nullable String gaveUp) {
  private static final String NEEDS =
      "use the build for GPUs on a machine with an NVIDIA driver, CUDA 12 and cuDNN 9, or set"
          + " provider to auto or cpu";

  /**
   * Opens a session where it is wanted, or on the processor where that is allowed.
   *
   * @throws UserError when the GPU is asked for and cannot be used
   * @throws OrtException when the model cannot be opened on the processor
   */
  static <S> OpenedSession<S> open(ProviderChoice choice, ProviderSessions<S> sessions)
      throws OrtException {
    return switch (choice) {
      case CPU -> onProcessor(sessions, null);
      case CUDA -> onGpu(sessions);
      case AUTO -> onGpuOrProcessor(sessions);
    };
  }

  private static <S> OpenedSession<S> onProcessor(
      ProviderSessions<S> sessions, @Nullable String gaveUp) throws OrtException {
    return new OpenedSession<>(sessions.open(ExecutionProvider.CPU), ExecutionProvider.CPU, gaveUp);
  }

  private static <S> OpenedSession<S> onGpu(ProviderSessions<S> sessions) {
    if (!sessions.listed().contains(OrtProvider.CUDA)) {
      throw new UserError(
          "provider is cuda, but this build of ONNX Runtime is for the processor only: " + NEEDS);
    }
    try {
      return new OpenedSession<>(
          sessions.open(ExecutionProvider.CUDA), ExecutionProvider.CUDA, null);
    } catch (OrtException e) {
      throw new UserError(
          "provider is cuda, but the model cannot be opened there (%s): %s"
              .formatted(OnnxEnvironment.firstLine(e), NEEDS),
          e);
    }
  }

  private static <S> OpenedSession<S> onGpuOrProcessor(ProviderSessions<S> sessions)
      throws OrtException {
    if (!sessions.listed().contains(OrtProvider.CUDA)) {
      return onProcessor(sessions, null);
    }
    try {
      return new OpenedSession<>(
          sessions.open(ExecutionProvider.CUDA), ExecutionProvider.CUDA, null);
    } catch (OrtException e) {
      return onProcessor(sessions, OnnxEnvironment.firstLine(e));
    }
  }
}
