package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.corenet.PickleValue.Callable;
import dev.blindsight.trainer.corenet.PickleValue.Constant;
import dev.blindsight.trainer.corenet.PickleValue.Dictionary;
import dev.blindsight.trainer.corenet.PickleValue.DictionaryKey;
import dev.blindsight.trainer.corenet.PickleValue.Global;
import dev.blindsight.trainer.corenet.PickleValue.Int;
import dev.blindsight.trainer.corenet.PickleValue.Real;
import dev.blindsight.trainer.corenet.PickleValue.Sequence;
import dev.blindsight.trainer.corenet.PickleValue.Storage;
import dev.blindsight.trainer.corenet.PickleValue.TensorView;
import dev.blindsight.trainer.corenet.PickleValue.Text;
import dev.blindsight.trainer.corenet.PickleValue.Tuple;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Interprets the pickles of a PyTorch checkpoint.
 *
 * <p>A pickle is a program for a stack machine, and a Python unpickler calls whatever it names.
 * This one is closed: it knows the opcodes that torch.save writes for dicts of tensors and five
 * names, builds {@link PickleValue}s only, and refuses everything else by name. Its work and its
 * memory are bounded by the length of the pickle, and by limits on that length, on each string and
 * on the number of values.
 */
final class PickleReader {

  /** The longest pickle read, in bytes. A full training checkpoint of ByteFormer-huge has 1 MB. */
  static final int LONGEST_PICKLE = 8 << 20;

  /** The most values one pickle may make or remember. */
  static final int MOST_VALUES = 1 << 18;

  private static final int LONGEST_TEXT = 4096;
  private static final int LONGEST_NAME = 256;
  private static final int MOST_DIMENSIONS = 8;

  private final ByteBuffer input;
  private final Map<Integer, PickleValue> memo = new HashMap<>();
  private final SequencedMap<String, Storage> storages = new LinkedHashMap<>();
  private int values;

  /** Stacks set aside by MARK, the current one last. */
  private final Deque<List<PickleValue>> stacks = new ArrayDeque<>();

  /**
   * What a pickle describes.
   *
   * @param root the value
   * @param storages the stored values it refers to, by key, in the order of first mention
   * @param bytes the length of the pickle
   */
  record Pickle(PickleValue root, SequencedMap<String, Storage> storages, int bytes) {
    Pickle {
      storages = Collections.unmodifiableSequencedMap(storages);
    }
  }

  private PickleReader(ByteBuffer pickle) {
    input = pickle.order(ByteOrder.LITTLE_ENDIAN);
    stacks.addLast(new ArrayList<>());
  }

  /**
   * Reads the pickle that a segment starts with.
   *
   * @throws RefusedException when it is damaged, too long, or uses anything that torch.save does
   *     not write for dicts of tensors
   */
  static Pickle read(MemorySegment segment) throws RefusedException {
    long length = Math.min(segment.byteSize(), LONGEST_PICKLE);
    PickleReader reader = new PickleReader(segment.asSlice(0, length).asByteBuffer());
    try {
      PickleValue root = reader.run();
      return new Pickle(root, reader.storages, reader.input.position());
    } catch (BufferUnderflowException e) {
      throw new RefusedException(
          length < segment.byteSize()
              ? "it is longer than %d bytes".formatted(LONGEST_PICKLE)
              : "it ends in the middle of an instruction");
    } catch (NoSuchElementException e) {
      throw new RefusedException("it takes more values than it made");
    }
  }

  private PickleValue run() throws RefusedException {
    while (true) {
      int code = Byte.toUnsignedInt(input.get());
      PickleOpcode opcode = PickleOpcode.of(code);
      if (opcode == null) {
        throw new RefusedException("opcode 0x%02x has no place in it".formatted(code));
      }
      if (opcode == PickleOpcode.STOP) {
        return pop();
      }
      execute(opcode);
    }
  }

  private void execute(PickleOpcode opcode) throws RefusedException {
    switch (opcode) {
      case PROTO -> requireProtocol(input.get());
      case MARK -> mark();
      case NONE -> push(Constant.NONE);
      case NEWTRUE -> push(Constant.TRUE);
      case NEWFALSE -> push(Constant.FALSE);
      case BININT -> push(new Int(input.getInt()));
      case BININT1 -> push(new Int(Byte.toUnsignedInt(input.get())));
      case BININT2 -> push(new Int(Short.toUnsignedInt(input.getShort())));
      case LONG1 -> push(new Int(longInteger(Byte.toUnsignedInt(input.get()))));
      case BINFLOAT -> push(new Real(Double.longBitsToDouble(Long.reverseBytes(input.getLong()))));
      case BINUNICODE -> push(new Text(text(Integer.toUnsignedLong(input.getInt()))));
      case EMPTY_TUPLE -> push(new Tuple(List.of()));
      case TUPLE1 -> push(new Tuple(popLast(1)));
      case TUPLE2 -> push(new Tuple(popLast(2)));
      case TUPLE3 -> push(new Tuple(popLast(3)));
      case TUPLE -> push(new Tuple(popMarked()));
      case EMPTY_LIST -> push(new Sequence());
      case APPEND -> append(popLast(1));
      case APPENDS -> append(popMarked());
      case EMPTY_DICT -> push(new Dictionary());
      case SETITEM -> setItems(popLast(2));
      case SETITEMS -> setItems(popMarked());
      case GLOBAL -> push(global(line() + " " + line()));
      case BINPERSID -> push(storage(pop()));
      case REDUCE -> reduce(popLast(2));
      case BUILD -> ignoreState(pop());
      case BINPUT -> remember(Byte.toUnsignedInt(input.get()));
      case LONG_BINPUT -> remember(input.getInt());
      case BINGET -> push(remembered(Byte.toUnsignedInt(input.get())));
      case LONG_BINGET -> push(remembered(input.getInt()));
      case STOP -> throw new IllegalStateException("STOP ends the loop");
    }
  }

  private static void requireProtocol(byte version) throws RefusedException {
    if (version != 2) {
      throw new RefusedException("it is of pickle protocol " + version + ", not 2");
    }
  }

  /** Little-endian two's complement of so many bytes. */
  private long longInteger(int length) throws RefusedException {
    if (length > Long.BYTES) {
      throw new RefusedException("a whole number of %d bytes is too large".formatted(length));
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= Byte.toUnsignedLong(input.get()) << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * length;
    return length == 0 ? 0 : value << unused >> unused;
  }

  private String text(long length) throws RefusedException {
    if (length > LONGEST_TEXT) {
      throw new RefusedException(
          "a string of %d bytes is longer than %d".formatted(length, LONGEST_TEXT));
    }
    if (length > input.remaining()) {
      throw new RefusedException("a string of %d bytes does not fit in it".formatted(length));
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    input.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws RefusedException {
    StringBuilder line = new StringBuilder();
    for (byte next = input.get(); next != '\n'; next = input.get()) {
      if (line.length() == LONGEST_NAME) {
        throw new RefusedException(
            "it refers to the over-long name " + Printable.of(line.toString()));
      }
      line.append((char) Byte.toUnsignedInt(next));
    }
    return line.toString();
  }

  private static Global global(String name) throws RefusedException {
    return Stream.<Global>concat(
            Arrays.stream(Callable.values()), Arrays.stream(ElementType.values()))
        .filter(known -> known.qualifiedName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new RefusedException("it refers to " + Printable.of(name.replace(' ', '.'))));
  }

  private void append(List<PickleValue> items) throws RefusedException {
    if (!(peek() instanceof Sequence sequence)) {
      throw new RefusedException("it appends to something that is not a list");
    }
    sequence.items().addAll(items);
  }

  private void setItems(List<PickleValue> items) throws RefusedException {
    if (!(peek() instanceof Dictionary dictionary) || items.size() % 2 != 0) {
      throw new RefusedException("it sets entries of something that is not a dict");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof DictionaryKey key)) {
        throw new RefusedException("a dict has a key that is no string and no whole number");
      }
      if (dictionary.entries().putIfAbsent(key, items.get(i + 1)) != null) {
        throw new RefusedException("a dict has the key %s twice".formatted(name(key)));
      }
    }
  }

  private static String name(DictionaryKey key) {
    return switch (key) {
      case Int(long value) -> Long.toString(value);
      case Text(String value) -> Printable.of(value);
    };
  }

  /**
   * ('storage', type, key, device, elements), the only persistent id that torch.save writes; files
   * that are no archives add what of an older storage it is a view of, which is None by now.
   */
  private Storage storage(PickleValue id) throws RefusedException {
    if (id instanceof Tuple(List<PickleValue> parts)
        && (parts.size() == 5 || (parts.size() == 6 && parts.get(5) == Constant.NONE))
        && parts.get(0) instanceof Text(String kind)
        && kind.equals("storage")
        && parts.get(1) instanceof ElementType type
        && parts.get(2) instanceof Text(String key)
        && parts.get(3) instanceof Text
        && parts.get(4) instanceof Int(long elements)) {
      Storage storage = new Storage(type, key, elements);
      Storage known = storages.putIfAbsent(key, storage);
      if (known != null && !known.equals(storage)) {
        throw new RefusedException(
            "it describes the storage %s in two ways".formatted(Printable.of(key)));
      }
      return storage;
    }
    throw new RefusedException("it refers to stored data in an unknown way");
  }

  /** The two calls that a state_dict makes: an empty OrderedDict, and a tensor. */
  private void reduce(List<PickleValue> call) throws RefusedException {
    if (call.getLast() instanceof Tuple(List<PickleValue> arguments)) {
      if (call.getFirst() == Callable.ORDERED_DICT && arguments.isEmpty()) {
        push(new Dictionary());
        return;
      }
      if (call.getFirst() == Callable.REBUILD_TENSOR
          && arguments.size() == 6
          && arguments.get(0) instanceof Storage storage
          && arguments.get(1) instanceof Int(long offset)) {
        push(new TensorView(storage, offset, numbers(arguments.get(2)), numbers(arguments.get(3))));
        return;
      }
    }
    throw new RefusedException("it makes a call that no state_dict makes");
  }

  private static List<Long> numbers(PickleValue tuple) throws RefusedException {
    if (!(tuple instanceof Tuple(List<PickleValue> items))) {
      throw new RefusedException("a tensor's size is not a tuple");
    }
    if (items.size() > MOST_DIMENSIONS) {
      throw new RefusedException("a tensor has %d dimensions".formatted(items.size()));
    }
    List<Long> numbers = new ArrayList<>(items.size());
    for (PickleValue item : items) {
      if (!(item instanceof Int(long number))) {
        throw new RefusedException("a tensor's size is not made of whole numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** A state_dict carries the versions of its modules as state ({@code _metadata}): not needed. */
  private void ignoreState(PickleValue state) throws RefusedException {
    if (!(peek() instanceof Dictionary && state instanceof Dictionary)) {
      throw new RefusedException("it gives state to something that is not a dict");
    }
  }

  private void remember(int index) throws RefusedException {
    memo.put(index, peek());
    requireFew(memo.size());
  }

  private PickleValue remembered(int index) throws RefusedException {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw new RefusedException("it recalls a value that it never stored");
    }
    return value;
  }

  private void mark() throws RefusedException {
    requireFew(++values);
    stacks.addLast(new ArrayList<>());
  }

  private void push(PickleValue value) throws RefusedException {
    requireFew(++values);
    stacks.getLast().add(value);
  }

  private static void requireFew(int count) throws RefusedException {
    if (count > MOST_VALUES) {
      throw new RefusedException("it makes more than %d values".formatted(MOST_VALUES));
    }
  }

  private PickleValue peek() {
    return stacks.getLast().getLast();
  }

  private PickleValue pop() {
    return stacks.getLast().removeLast();
  }

  private List<PickleValue> popLast(int count) {
    PickleValue[] taken = new PickleValue[count];
    for (int i = count - 1; i >= 0; i--) {
      taken[i] = pop();
    }
    return Arrays.asList(taken);
  }

  private List<PickleValue> popMarked() throws RefusedException {
    if (stacks.size() < 2) {
      throw new RefusedException("it goes back to a mark that it never set");
    }
    return stacks.removeLast();
  }
}
