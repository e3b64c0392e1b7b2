package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Where each parameter lies in the two flat vectors that the optimiser updates.
 *
 * <p>One vector holds all tensors of more than one dimension, which AdamW decays; the other holds
 * biases and LayerNorm parameters, which it does not (the groups of CoreNet's training). Two long
 * vectors instead of some eighty small tensors make clipping, the update, the moving average and
 * the cast to bfloat16 single passes over memory.
 */
record ParameterLayout(Group decayed, Group plain, List<String> order) {

  /** The parameters of one flat vector, in the order in which they lie in it. */
  record Group(SequencedMap<String, List<Integer>> shapes) {

    Group {
      shapes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(shapes));
    }

    /** Number of values in the vector. */
    int size() {
      return Math.toIntExact(shapes.values().stream().mapToLong(Tensor::elements).sum());
    }

    /** The vector that holds this group's part of the weights. */
    float[] flatten(Weights weights) {
      float[] flat = new float[size()];
      int offset = 0;
      for (String name : shapes.sequencedKeySet()) {
        Tensor tensor = weights.tensor(name);
        tensor.copyTo(flat, offset);
        offset += tensor.size();
      }
      return flat;
    }
  }

  static ParameterLayout of(ByteFormerArchitecture architecture) {
    SequencedMap<String, List<Integer>> decayed = new LinkedHashMap<>();
    SequencedMap<String, List<Integer>> plain = new LinkedHashMap<>();
    SequencedMap<String, List<Integer>> all = architecture.parameterShapes();
    all.forEach((name, shape) -> (shape.size() > 1 ? decayed : plain).put(name, shape));
    return new ParameterLayout(
        new Group(decayed), new Group(plain), List.copyOf(all.sequencedKeySet()));
  }

  /** Both groups, the decayed one first. */
  List<Group> groups() {
    return List.of(decayed, plain);
  }

  /** The named tensors that two flat vectors hold, in state_dict order. */
  Weights gather(List<float[]> vectors) {
    SequencedMap<String, Tensor> found = new LinkedHashMap<>();
    for (int i = 0; i < groups().size(); i++) {
      float[] flat = vectors.get(i);
      int offset = 0;
      for (var entry : groups().get(i).shapes().entrySet()) {
        float[] values = new float[Math.toIntExact(Tensor.elements(entry.getValue()))];
        System.arraycopy(flat, offset, values, 0, values.length);
        found.put(entry.getKey(), Tensor.owning(entry.getValue(), values));
        offset += values.length;
      }
    }
    SequencedMap<String, Tensor> ordered = new LinkedHashMap<>();
    for (String name : order) {
      ordered.put(name, Objects.requireNonNull(found.get(name)));
    }
    return Weights.of(ordered);
  }
}
