package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Room for readouts that a model answers in one run. Fewer than there is room for cost no more than
 * they are. For one thread at a time; any number of batches of one model may run at once.
 */
public final class ReadoutBatch implements AutoCloseable {
  /** The most readouts in one batch. */
  public static final int LARGEST = 1024;

  private final Model model;
  private final InferenceBuffers whole;
  // By the number of readouts less one, on the memory of the whole, made when first needed.
  private final @Nullable InferenceBuffers[] parts;

  ReadoutBatch(Model model, int size, InferenceBuffers whole) {
    this.model = model;
    this.whole = whole;
    this.parts = new @Nullable InferenceBuffers[size - 1];
  }

  static void requireSize(int readouts) {
    if (readouts < 1 || readouts > LARGEST) {
      throw new UserError(
          "a batch of %d readouts: give a number from 1 to %d".formatted(readouts, LARGEST));
    }
  }

  /** How many readouts there is room for. */
  public int size() {
    return parts.length + 1;
  }

  /**
   * Answers readouts that the caller vouches were read by the model's spec.
   *
   * @param readouts at least one, at most as many as there is room for: each permuted, in mask
   *     order
   * @return the logits of each, in the order of the model card's labels
   * @throws UserError when there are more or none, or one has another length than the model takes
   * @throws InferenceException when the model fails or has been closed
   */
  public List<float[]> infer(List<byte[]> readouts) {
    require(readouts);
    float[] logits = run(readouts);
    int classes = model.card().labels().size();
    float[][] answers = new float[readouts.size()][];
    for (int i = 0; i < answers.length; i++) {
      answers[i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
    }
    return List.of(answers);
  }

  /**
   * Answers readouts, as {@link #infer(List)}, with the likeliest labels of each only.
   *
   * @param most labels to give, at least 1
   */
  public List<Classification> classify(List<byte[]> readouts, int most) {
    return infer(readouts).stream()
        .map(logits -> new Classification(Softmax.likeliest(logits, model.card().labels(), most)))
        .toList();
  }

  private void require(List<byte[]> readouts) {
    if (readouts.isEmpty() || readouts.size() > size()) {
      throw new UserError(
          "%d readouts for a batch of %d: give 1 to %d".formatted(readouts.size(), size(), size()));
    }
    for (byte[] readout : readouts) {
      if (readout.length != model.card().inputLength()) {
        throw new UserError(
            "a readout of the batch has %d bytes, model %s takes %d: give readouts by its spec"
                .formatted(readout.length, model.id(), model.card().inputLength()));
      }
    }
  }

  private float[] run(List<byte[]> readouts) {
    InferenceBuffers buffers = buffers(readouts.size());
    for (int i = 0; i < readouts.size(); i++) {
      buffers.put(i, readouts.get(i));
    }
    return model.answer(buffers);
  }

  private InferenceBuffers buffers(int readouts) {
    if (readouts == size()) {
      return whole;
    }
    InferenceBuffers part = parts[readouts - 1];
    if (part == null) {
      part = model.part(whole, readouts);
      parts[readouts - 1] = part;
    }
    return part;
  }

  @Override
  public void close() {
    for (InferenceBuffers part : parts) {
      if (part != null) {
        part.close();
      }
    }
    whole.close();
  }
}
