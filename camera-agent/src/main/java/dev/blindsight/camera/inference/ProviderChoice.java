package dev.blindsight.camera.inference;

/** Where a person wants models to run. */
public enum ProviderChoice {
  /** On an NVIDIA GPU where there is one that works, otherwise on the processor. */
  AUTO,
  /** On the processor. */
  CPU,
  /** On an NVIDIA GPU, or not at all. */
  CUDA
}
