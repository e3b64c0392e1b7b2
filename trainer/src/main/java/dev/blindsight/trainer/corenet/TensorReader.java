package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.corenet.PickleValue.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Makes tensors of the views that a checkpoint claims, after checking each claim.
 *
 * <p>A view may lie anywhere in its storage and in any order (transposed, sliced). It may not have
 * more values than its storage, nor all tensors together more than the file: else a stride of 0 or
 * a storage shared a thousand times would make much out of little.
 */
final class TensorReader {
  private static final long LARGEST_TENSOR = Integer.MAX_VALUE - 8;

  private final CheckpointLayout layout;
  private long bytesLeft;

  /**
   * @param fileBytes the size of the file, which all tensors together may not exceed
   */
  TensorReader(CheckpointLayout layout, long fileBytes) {
    this.layout = layout;
    this.bytesLeft = fileBytes;
  }

  /**
   * The values of a view as float32, row-major.
   *
   * @throws RefusedException when the view claims what is not there
   */
  Tensor read(String name, TensorView view) throws RefusedException {
    MemorySegment stored = layout.values(view.storage());
    int elements = requireWithin(name, view);
    ElementType type = view.storage().type();
    bytesLeft -= (long) elements * type.bytes();
    if (bytesLeft < 0) {
      throw new RefusedException("its tensors claim more values than the file has");
    }
    float[] values = new float[elements];
    gather(view, type, stored, values);
    return Tensor.of(view.size().stream().map(Math::toIntExact).toList(), values);
  }

  /**
   * Checks a view against its storage, whose size is known to be true; gives its values' number.
   */
  private static int requireWithin(String name, TensorView view) throws RefusedException {
    long available = view.storage().elements();
    if (view.size().size() != view.stride().size()) {
      throw new RefusedException("tensor %s has more sizes than strides".formatted(name));
    }
    long elements = 1;
    long last = view.offset();
    boolean inside = last >= 0 && last < available;
    for (int i = 0; i < view.size().size() && inside; i++) {
      long size = view.size().get(i);
      long stride = view.stride().get(i);
      if (size < 1 || stride < 0 || size > Math.min(available / elements, LARGEST_TENSOR)) {
        throw new RefusedException(
            "tensor %s claims the size %s of a storage of %d values"
                .formatted(name, view.size(), available));
      }
      elements *= size;
      inside = stride == 0 || size - 1 <= (available - 1 - last) / stride;
      last += inside ? (size - 1) * stride : 0;
    }
    if (!inside) {
      throw new RefusedException("tensor %s reaches outside its storage".formatted(name));
    }
    if (elements > LARGEST_TENSOR) {
      throw new RefusedException("tensor %s is too large".formatted(name));
    }
    return Math.toIntExact(elements);
  }

  /** Counts through the view's indices, the last dimension fastest. */
  private static void gather(
      TensorView view, ElementType type, MemorySegment stored, float[] values) {
    List<Long> size = view.size();
    List<Long> stride = view.stride();
    int dimensions = size.size();
    long[] index = new long[dimensions];
    long source = view.offset();
    for (int i = 0; i < values.length; i++) {
      values[i] = type.read(stored, source);
      for (int d = dimensions - 1; d >= 0; d--) {
        index[d]++;
        source += stride.get(d);
        if (index[d] < size.get(d)) {
          break;
        }
        source -= index[d] * stride.get(d);
        index[d] = 0;
      }
    }
  }
}
