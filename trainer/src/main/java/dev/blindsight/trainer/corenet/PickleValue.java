package dev.blindsight.trainer.corenet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Everything that a checkpoint's pickle may hold; there is no case for an arbitrary object.
 *
 * <p>A hostile pickle can make values that contain themselves, or that share parts so often that a
 * walk over them would never end: nothing here is walked, compared or printed in depth.
 */
sealed interface PickleValue {

  /** Python's None, True and False. */
  enum Constant implements PickleValue {
    NONE,
    TRUE,
    FALSE
  }

  /** A value that can be the key of a dict. */
  sealed interface DictionaryKey extends PickleValue {}

  /** A whole number. */
  record Int(long value) implements DictionaryKey {}

  /** A string. */
  record Text(String value) implements DictionaryKey {}

  /** A floating-point number. */
  record Real(double value) implements PickleValue {}

  /** A tuple. */
  record Tuple(List<PickleValue> items) implements PickleValue {
    public Tuple {
      items = List.copyOf(items);
    }
  }

  /** A list, filled while the pickle is read. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>();

    List<PickleValue> items() {
      return items;
    }
  }

  /** A dict or OrderedDict, filled while the pickle is read. */
  final class Dictionary implements PickleValue {
    private final SequencedMap<DictionaryKey, PickleValue> entries = new LinkedHashMap<>();

    SequencedMap<DictionaryKey, PickleValue> entries() {
      return entries;
    }
  }

  /** One of the few names a checkpoint may refer to. */
  sealed interface Global extends PickleValue permits Callable, ElementType {

    /** Module and name, with a space between. */
    String qualifiedName();
  }

  /** What a checkpoint may call. */
  enum Callable implements Global {
    ORDERED_DICT("collections OrderedDict"),
    REBUILD_TENSOR("torch._utils _rebuild_tensor_v2");

    private final String qualifiedName;

    Callable(String qualifiedName) {
      this.qualifiedName = qualifiedName;
    }

    @Override
    public String qualifiedName() {
      return qualifiedName;
    }
  }

  /**
   * Values stored outside the pickle.
   *
   * @param key their name in the file
   * @param elements number of values, as claimed
   */
  record Storage(ElementType type, String key, long elements) implements PickleValue {}

  /**
   * A view of a storage, as claimed: nothing of it is checked yet.
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
