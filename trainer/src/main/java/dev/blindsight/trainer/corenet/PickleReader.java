package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.corenet.PickleValue.Constant;
import dev.blindsight.trainer.corenet.PickleValue.Dictionary;
import dev.blindsight.trainer.corenet.PickleValue.Global;
import dev.blindsight.trainer.corenet.PickleValue.Int;
import dev.blindsight.trainer.corenet.PickleValue.Storage;
import dev.blindsight.trainer.corenet.PickleValue.TensorView;
import dev.blindsight.trainer.corenet.PickleValue.Text;
import dev.blindsight.trainer.corenet.PickleValue.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Interprets the pickle of a PyTorch state_dict.
 *
 * <p>A pickle is a program for a stack machine, and a Python unpickler calls whatever it names.
 * This one is closed: it knows the opcodes of a state_dict and three names, builds {@link
 * PickleValue}s only, and refuses everything else. Its work is bounded by the length of the pickle.
 */
final class PickleReader {

  /** The pickle is damaged, or holds what a state_dict does not. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private final ByteBuffer input;
  private final Map<Integer, PickleValue> memo = new HashMap<>();

  /** Stacks set aside by MARK, the current one last. */
  private final Deque<List<PickleValue>> stacks = new ArrayDeque<>();

  private PickleReader(byte[] pickle) {
    input = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    stacks.addLast(new ArrayList<>());
  }

  /**
   * The value that a pickle describes.
   *
   * @throws RefusedException when it is damaged or uses anything outside a state_dict
   */
  static PickleValue read(byte[] pickle) throws RefusedException {
    try {
      return new PickleReader(pickle).run();
    } catch (BufferUnderflowException e) {
      throw new RefusedException("it ends in the middle of an instruction");
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
      case MARK -> stacks.addLast(new ArrayList<>());
      case NONE -> push(Constant.NONE);
      case NEWTRUE -> push(Constant.TRUE);
      case NEWFALSE -> push(Constant.FALSE);
      case BININT -> push(new Int(input.getInt()));
      case BININT1 -> push(new Int(Byte.toUnsignedInt(input.get())));
      case BININT2 -> push(new Int(Short.toUnsignedInt(input.getShort())));
      case BINUNICODE -> push(new Text(text(input.getInt())));
      case EMPTY_TUPLE -> push(new Tuple(List.of()));
      case TUPLE1 -> push(new Tuple(popLast(1)));
      case TUPLE2 -> push(new Tuple(popLast(2)));
      case TUPLE3 -> push(new Tuple(popLast(3)));
      case TUPLE -> push(new Tuple(popMarked()));
      case EMPTY_DICT -> push(new Dictionary());
      case SETITEM -> setItems(popLast(2));
      case SETITEMS -> setItems(popMarked());
      case GLOBAL -> push(global(line() + " " + line()));
      case BINPERSID -> push(storage(pop()));
      case REDUCE -> reduce(popLast(2));
      case BUILD -> ignoreState(pop());
      case BINPUT -> memo.put(Byte.toUnsignedInt(input.get()), peek());
      case LONG_BINPUT -> memo.put(input.getInt(), peek());
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

  private String text(int length) throws RefusedException {
    if (length < 0 || length > input.remaining()) {
      throw new RefusedException("a string of " + length + " bytes does not fit in it");
    }
    byte[] bytes = new byte[length];
    input.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (byte next = input.get(); next != '\n'; next = input.get()) {
      line.append((char) Byte.toUnsignedInt(next));
    }
    return line.toString();
  }

  private static Global global(String name) throws RefusedException {
    for (Global known : Global.values()) {
      if (known.qualifiedName().equals(name)) {
        return known;
      }
    }
    throw new RefusedException("it refers to " + name.replace(' ', '.'));
  }

  private void setItems(List<PickleValue> items) throws RefusedException {
    if (!(peek() instanceof Dictionary dictionary) || items.size() % 2 != 0) {
      throw new RefusedException("it sets entries of something that is not a dict");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof Text(String key))) {
        throw new RefusedException("a dict has a key that is not a string");
      }
      dictionary.entries().put(key, items.get(i + 1));
    }
  }

  /** ('storage', type, key, device, elements): the only persistent id that torch.save writes. */
  private static Storage storage(PickleValue id) throws RefusedException {
    if (id instanceof Tuple(List<PickleValue> parts)
        && parts.size() == 5
        && parts.get(0).equals(new Text("storage"))
        && parts.get(1) instanceof Global type
        && type == Global.FLOAT_STORAGE
        && parts.get(2) instanceof Text(String key)
        && parts.get(3) instanceof Text
        && parts.get(4) instanceof Int(long elements)) {
      return new Storage(type, key, elements);
    }
    throw new RefusedException("it refers to stored data in an unknown way");
  }

  /** The two calls that a state_dict makes: an empty OrderedDict, and a tensor. */
  private void reduce(List<PickleValue> call) throws RefusedException {
    if (call.getLast() instanceof Tuple(List<PickleValue> arguments)) {
      if (call.getFirst() == Global.ORDERED_DICT && arguments.isEmpty()) {
        push(new Dictionary());
        return;
      }
      if (call.getFirst() == Global.REBUILD_TENSOR
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
    List<Long> numbers = new ArrayList<>();
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

  private PickleValue remembered(int index) throws RefusedException {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw new RefusedException("it recalls a value that it never stored");
    }
    return value;
  }

  private void push(PickleValue value) {
    stacks.getLast().add(value);
  }

  private PickleValue peek() {
    return stacks.getLast().getLast();
  }

  private PickleValue pop() {
    return stacks.getLast().removeLast();
  }

  private List<PickleValue> popLast(int count) {
    PickleValue[] values = new PickleValue[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return Arrays.asList(values);
  }

  private List<PickleValue> popMarked() throws RefusedException {
    if (stacks.size() < 2) {
      throw new RefusedException("it goes back to a mark that it never set");
    }
    return stacks.removeLast();
  }
}
