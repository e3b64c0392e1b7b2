package dev.blindsight.trainer.train;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.OptimiserState;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * All that a training needs to go on as if it had not stopped: one safetensors file, in which the
 * kinds of tensors are told apart by a prefix of their names.
 *
 * @param epochs epochs done
 * @param weights the present weights, φ not applied
 * @param averaged their moving average
 * @param optimiser what AdamW remembers
 */
record Checkpoint(int epochs, Weights weights, Weights averaged, OptimiserState optimiser) {
  private static final String WEIGHTS = "weights/";
  private static final String AVERAGED = "averaged/";
  private static final String MEANS = "means/";
  private static final String SQUARES = "squares/";

  /** Epochs, then steps and seed in four 16-bit parts each, which float32 holds exactly. */
  private static final String PROGRESS = "progress";

  private static final int PARTS = 4;
  private static final int PROGRESS_VALUES = 1 + 2 * PARTS;

  void write(Path file) throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    float[] progress = new float[PROGRESS_VALUES];
    progress[0] = epochs;
    split(optimiser.steps(), progress, 1);
    split(optimiser.seed(), progress, 1 + PARTS);
    tensors.put(PROGRESS, Tensor.of(List.of(PROGRESS_VALUES), progress));
    put(tensors, WEIGHTS, weights);
    put(tensors, AVERAGED, averaged);
    put(tensors, MEANS, optimiser.means());
    put(tensors, SQUARES, optimiser.squares());
    Weights.of(tensors).write(file);
  }

  /**
   * Reads a checkpoint.
   *
   * @throws UserError when the file is not a checkpoint of such a network
   */
  static Checkpoint read(Path file, ByteFormerArchitecture architecture) throws IOException {
    Weights all = Weights.read(file);
    if (!all.names().contains(PROGRESS) || all.values(PROGRESS).length != PROGRESS_VALUES) {
      throw new UserError(
          "%s: is not a checkpoint: give --out the folder of a training".formatted(file));
    }
    float[] progress = all.values(PROGRESS);
    try {
      return new Checkpoint(
          (int) progress[0],
          part(all, WEIGHTS, architecture),
          part(all, AVERAGED, architecture),
          new OptimiserState(
              joined(progress, 1),
              joined(progress, 1 + PARTS),
              part(all, MEANS, architecture),
              part(all, SQUARES, architecture)));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: does not fit the recipe's network (%s): train in another folder"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static void put(SequencedMap<String, Tensor> tensors, String prefix, Weights weights) {
    weights.names().forEach(name -> tensors.put(prefix + name, weights.tensor(name)));
  }

  private static Weights part(Weights all, String prefix, ByteFormerArchitecture architecture) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : all.names()) {
      if (name.startsWith(prefix)) {
        tensors.put(name.substring(prefix.length()), all.tensor(name));
      }
    }
    Weights part = Weights.of(tensors);
    part.requireFit(architecture);
    return part;
  }

  private static void split(long value, float[] target, int offset) {
    for (int part = 0; part < PARTS; part++) {
      target[offset + part] = (value >>> (Short.SIZE * part)) & 0xffff;
    }
  }

  private static long joined(float[] source, int offset) {
    long value = 0;
    for (int part = 0; part < PARTS; part++) {
      value |= ((long) source[offset + part] & 0xffff) << (Short.SIZE * part);
    }
    return value;
  }
}
