package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import java.util.Set;

/**
 * What choosing an execution provider needs of ONNX Runtime.
 *
 * @param <S> a session
 */
interface ProviderSessions<S> {
  /** What the library was built with, whether or not it works on this machine. */
  Set<OrtProvider> listed();

  /**
   * Opens a session, with options of its own: options to which a provider could not be added are
   * not to be used again.
   */
  S open(ExecutionProvider provider) throws OrtException;
}
