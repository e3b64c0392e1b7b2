package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import java.util.Arrays;
import java.util.List;

/**
 * Room for a fixed number of readouts that a model answers in one run. For one thread at a time;
 * any number of batches of one model may run at once.
 */
public final class ReadoutBatch implements AutoCloseable {
  /** The most readouts in one batch. */
  public static final int LARGEST = 1024;

  private final Model model;
  private final int size;
  private final InferenceBuffers buffers;

  ReadoutBatch(Model model, int size, InferenceBuffers buffers) {
    this.model = model;
    this.size = size;
    this.buffers = buffers;
  }

  static void requireSize(int readouts) {
    if (readouts < 1 || readouts > LARGEST) {
      throw new UserError(
          "a batch of %d readouts: give a number from 1 to %d".formatted(readouts, LARGEST));
    }
  }

  /**
   * Answers readouts that the caller vouches were read by the model's spec.
   *
   * @param readouts as many as there is room for: each permuted, in mask order
   * @return the logits of each, in the order of the model card's labels
   * @throws UserError when there are more or fewer, or one has another length than the model takes
   * @throws InferenceException when the model fails or has been closed
   */
  public List<float[]> infer(List<byte[]> readouts) {
    if (readouts.size() != size) {
      throw new UserError(
          "%d readouts for a batch of %d: give %d".formatted(readouts.size(), size, size));
    }
    for (byte[] readout : readouts) {
      if (readout.length != model.card().inputLength()) {
        throw new UserError(
            "a readout of the batch has %d bytes, model %s takes %d: give readouts by its spec"
                .formatted(readout.length, model.id(), model.card().inputLength()));
      }
    }
    for (int i = 0; i < size; i++) {
      buffers.put(i, readouts.get(i));
    }
    float[] logits = model.answer(buffers);
    int classes = model.card().labels().size();
    float[][] answers = new float[size][];
    for (int i = 0; i < size; i++) {
      answers[i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
    }
    return List.of(answers);
  }

  @Override
  public void close() {
    buffers.close();
  }
}
