package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;

/**
 * How a model uses the processor.
 *
 * @param threadsPerInference threads that share the work of one inference, 1..256. The most
 *     inferences a second come from 1, with as many callers as there are cores; the shortest time
 *     of one inference on a device of its own from the number of cores
 */
public record InferenceSettings(int threadsPerInference) {
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

  /** One thread for each inference. */
  public static InferenceSettings standard() {
    return new InferenceSettings(1);
  }
}
