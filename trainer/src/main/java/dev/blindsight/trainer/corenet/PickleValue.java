package dev.blindsight.trainer.corenet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Everything that a checkpoint's pickle may hold; there is no case for an arbitrary object. */
sealed interface PickleValue {

  /** Python's None, True and False. */
  enum Constant implements PickleValue {
    NONE,
    TRUE,
    FALSE
  }

  /** A whole number. */
  record Int(long value) implements PickleValue {}

  /** A string. */
  record Text(String value) implements PickleValue {}

  /** A tuple. */
  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }
  }

  /** A dict or OrderedDict with string keys, filled while the pickle is read. */
  final class Dictionary implements PickleValue {
    private final SequencedMap<String, PickleValue> entries = new LinkedHashMap<>();

    SequencedMap<String, PickleValue> entries() {
      return entries;
    }
  }

  /** One of the few names a checkpoint may refer to. */
  enum Global implements PickleValue {
    ORDERED_DICT("collections OrderedDict"),
    REBUILD_TENSOR("torch._utils _rebuild_tensor_v2"),
    FLOAT_STORAGE("torch FloatStorage");

    private final String qualifiedName;

    Global(String qualifiedName) {
      this.qualifiedName = qualifiedName;
    }

    /** Module and name, with a space between. */
    String qualifiedName() {
      return qualifiedName;
    }
  }

  /**
   * Values stored outside the pickle.
   *
   * @param key name of the archive's entry below {@code data/}
   * @param elements number of values
   */
  record Storage(Global type, String key, long elements) implements PickleValue {}

  /**
   * A view of a storage.
   *
   * @param offset index of the first value
   * @param size dimensions
   * @param stride distance, in values, between neighbours along each dimension
   */
  record TensorView(Storage storage, long offset, List<Long> size, List<Long> stride)
      implements PickleValue {
    public TensorView {
      size = List.copyOf(size);
      stride = List.copyOf(stride);
    }
  }
}
