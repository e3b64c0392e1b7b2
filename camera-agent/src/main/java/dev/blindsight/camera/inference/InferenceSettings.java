package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How models use the machine.
 *
 * @param threadsPerInference threads that share the work of one inference, 1..256. The most
 *     inferences a second come from 1, with as many callers as there are cores; the shortest time
 *     of one inference on a device of its own from the number of cores
 * @param dedicated whether the machine has nothing else to do: threads of one inference then wait
 *     for each other by spinning, which is quicker and takes the processor from everything else;
 *     without effect where {@code threadsPerInference} is 1
 * @param provider where models run
 */
public record InferenceSettings(
    int threadsPerInference, boolean dedicated, ProviderChoice provider) {
  private static final int MOST_THREADS = 256;

  /**
   * @throws UserError when the number of threads is out of range
   */
  public InferenceSettings {
    if (threadsPerInference < 1 || threadsPerInference > MOST_THREADS) {
      throw new UserError(
          "threads_per_inference is %d: give 1 to %d".formatted(threadsPerInference, MOST_THREADS));
    }
  }

  /** On a machine that is shared, on the processor. */
  public InferenceSettings(int threadsPerInference) {
    this(threadsPerInference, false, ProviderChoice.CPU);
  }

  /** One thread for each inference, on a machine that is shared, on the processor. */
  public static InferenceSettings standard() {
    return new InferenceSettings(1);
  }

  /** The number of cores, as far as so many threads can be set. */
  public static int threadsOfThisMachine() {
    return Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  }

  /**
   * What a configuration file says.
   *
   * @param threadsPerInference 1..256
   * @param dedicated absent, shared
   * @param provider absent, the GPU where there is one that works
   * @throws UserError when the number of threads is out of range
   */
  public static InferenceSettings configured(
      int threadsPerInference, @Nullable Boolean dedicated, @Nullable ProviderChoice provider) {
    return new InferenceSettings(
        threadsPerInference,
        Boolean.TRUE.equals(dedicated),
        provider == null ? ProviderChoice.AUTO : provider);
  }
}
