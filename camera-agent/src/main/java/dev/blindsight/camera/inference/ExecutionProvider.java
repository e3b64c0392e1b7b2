package dev.blindsight.camera.inference;

import java.util.Locale;

/** What of ONNX Runtime a model runs on. */
public enum ExecutionProvider {
  /** The processor. */
  CPU,
  /** An NVIDIA GPU. */
  CUDA;

  /** As it is written in files and messages. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
