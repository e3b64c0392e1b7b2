package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * The parameters of a ByteFormer as named float32 tensors, in the names and the order of CoreNet's
 * state_dict (CoreNet 1aa3acd).
 *
 * <p>Immutable plain Java: the currency between training, checkpoints, parity tests and export.
 */
public final class Weights {

  private final SequencedMap<String, Tensor> tensors;

  private Weights(SequencedMap<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /** Weights that hold the given tensors, in their order. */
  public static Weights of(SequencedMap<String, Tensor> tensors) {
    return new Weights(Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors)));
  }

  /**
   * Fresh weights with the distributions that a new CoreNet model has; the same seed gives the same
   * weights.
   */
  public static Weights initialise(ByteFormerArchitecture architecture, long seed) {
    return new WeightInitialiser(architecture, seed).draw();
  }

  /**
   * Reads a safetensors file.
   *
   * @throws IOException when the file cannot be read
   * @throws dev.blindsight.protocol.UserError when it is not a safetensors file of float32 tensors
   */
  public static Weights read(Path safetensors) throws IOException {
    return of(SafeTensors.read(safetensors));
  }

  /**
   * Writes a safetensors file, first beside its place and then moved there, so that no half-written
   * file is ever seen.
   */
  public void write(Path safetensors) throws IOException {
    SafeTensors.write(safetensors, tensors);
  }

  /** Names, in state_dict order. */
  public SequencedSet<String> names() {
    return tensors.sequencedKeySet();
  }

  /**
   * The named tensor.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named " + name);
    }
    return tensor;
  }

  /** A copy of the named tensor's values, row-major. */
  public float[] values(String name) {
    return tensor(name).values();
  }

  /** The named tensor's dimensions. */
  public int[] shape(String name) {
    return tensor(name).shape().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The same weights but for one tensor's values.
   *
   * @throws IllegalArgumentException when there is no such tensor or the number of values differs
   */
  public Weights with(String name, float[] values) {
    SequencedMap<String, Tensor> changed = new LinkedHashMap<>(tensors);
    changed.put(name, Tensor.of(tensor(name).shape(), values));
    return of(changed);
  }

  /**
   * Checks that exactly the architecture's tensors are present, in its shapes.
   *
   * @throws IllegalArgumentException that names the first tensor that is missing, superfluous or of
   *     another shape
   */
  public void requireFit(ByteFormerArchitecture architecture) {
    SequencedMap<String, List<Integer>> expected = architecture.parameterShapes();
    for (var entry : expected.entrySet()) {
      Tensor tensor = tensors.get(entry.getKey());
      if (tensor == null) {
        throw new IllegalArgumentException("missing tensor " + entry.getKey());
      }
      if (!tensor.shape().equals(entry.getValue())) {
        throw new IllegalArgumentException(
            "tensor %s has shape %s where the architecture needs %s"
                .formatted(entry.getKey(), tensor.shape(), entry.getValue()));
      }
    }
    for (String name : tensors.keySet()) {
      if (!expected.containsKey(name)) {
        throw new IllegalArgumentException("unexpected tensor " + name);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights weights && tensors.equals(weights.tensors);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tensors);
  }
}
