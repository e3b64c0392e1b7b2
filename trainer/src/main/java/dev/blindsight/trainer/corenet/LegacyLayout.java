package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.corenet.PickleValue.Constant;
import dev.blindsight.trainer.corenet.PickleValue.Dictionary;
import dev.blindsight.trainer.corenet.PickleValue.Int;
import dev.blindsight.trainer.corenet.PickleValue.Sequence;
import dev.blindsight.trainer.corenet.PickleValue.Storage;
import dev.blindsight.trainer.corenet.PickleValue.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The layout that torch.save wrote before PyTorch 1.6 (and still does on request): five pickles,
 * one after another (a magic number, the protocol version, facts about the system, what was saved,
 * the keys of the storages), then for each key the number of values and the values.
 */
final class LegacyLayout implements CheckpointLayout {
  /** The first pickle: protocol 2 of the whole number 0x1950a86a20f9469cfc6c. */
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final long PROTOCOL = 1001;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final Map<String, MemorySegment> values = new HashMap<>();
  private PickleValue root = Constant.NONE;
  private long position = MAGIC.length;

  private LegacyLayout(MemorySegment file) {
    this.file = file;
  }

  /** Whether a file begins as this layout does. */
  static boolean isLegacy(MemorySegment file) {
    return file.byteSize() >= MAGIC.length
        && file.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) == -1;
  }

  static LegacyLayout open(MemorySegment file) throws RefusedException {
    LegacyLayout layout = new LegacyLayout(file);
    layout.read();
    return layout;
  }

  private void read() throws RefusedException {
    if (!(next().root() instanceof Int(long version)) || version != PROTOCOL) {
      throw new RefusedException("it is of another version of torch.save");
    }
    if (!(next().root() instanceof Dictionary system)
        || system.entries().get(new Text("little_endian")) != Constant.TRUE) {
      throw new RefusedException("its values are not little-endian");
    }
    PickleReader.Pickle saved = next();
    root = saved.root();
    if (!(next().root() instanceof Sequence keys)) {
      throw new RefusedException("it does not list its storages");
    }
    for (PickleValue key : keys.items()) {
      readStorage(key, saved.storages());
    }
    if (position != file.byteSize()) {
      throw new RefusedException("something follows its last storage");
    }
  }

  private PickleReader.Pickle next() throws RefusedException {
    PickleReader.Pickle pickle = PickleReader.read(file.asSlice(position));
    position += pickle.bytes();
    return pickle;
  }

  private void readStorage(PickleValue key, SequencedMap<String, Storage> storages)
      throws RefusedException {
    Storage storage = key instanceof Text(String name) ? storages.get(name) : null;
    if (storage == null) {
      throw new RefusedException("it lists a storage that nothing refers to");
    }
    String name = Printable.of(storage.key());
    if (file.byteSize() - position < Long.BYTES) {
      throw new RefusedException("it ends before its storage %s".formatted(name));
    }
    long elements = file.get(LONG, position);
    position += Long.BYTES;
    if (elements != storage.elements()) {
      throw new RefusedException(
          "its storage %s has %d values, not the %d it claims"
              .formatted(name, elements, storage.elements()));
    }
    int bytes = storage.type().bytes();
    if (elements < 0 || elements > (file.byteSize() - position) / bytes) {
      throw new RefusedException("it ends within its storage %s".formatted(name));
    }
    if (values.put(storage.key(), file.asSlice(position, elements * bytes)) != null) {
      throw new RefusedException("it has the storage %s twice".formatted(name));
    }
    position += elements * bytes;
  }

  @Override
  public PickleValue root() {
    return root;
  }

  @Override
  public MemorySegment values(Storage storage) throws RefusedException {
    MemorySegment found = values.get(storage.key());
    if (found == null) {
      throw new RefusedException("it lacks the storage " + Printable.of(storage.key()));
    }
    return found;
  }
}
