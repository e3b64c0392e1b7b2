package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.corenet.PickleValue.Storage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The layout that torch.save writes since PyTorch 1.6: an archive of stored entries, of which
 * {@code data.pkl} is the pickle and {@code data/<key>} are the values of a storage.
 */
final class ArchiveLayout implements CheckpointLayout {
  private static final String PICKLE = "data.pkl";
  private static final String BYTE_ORDER = "byteorder";

  private final StoredArchive archive;
  private final String folder;
  private final PickleValue root;

  private ArchiveLayout(StoredArchive archive, String folder, PickleValue root) {
    this.archive = archive;
    this.folder = folder;
    this.root = root;
  }

  static ArchiveLayout open(MemorySegment file) throws RefusedException {
    StoredArchive archive = StoredArchive.open(file);
    String folder = folder(archive);
    if (archive.names().contains(folder + BYTE_ORDER)) {
      byte[] order = bytes(archive.content(folder + BYTE_ORDER));
      if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
        throw new RefusedException("its values are not little-endian");
      }
    }
    MemorySegment pickle = archive.content(folder + PICKLE);
    PickleReader.Pickle read = PickleReader.read(pickle);
    if (read.bytes() != pickle.byteSize()) {
      throw new RefusedException("something follows its pickle");
    }
    return new ArchiveLayout(archive, folder, read.root());
  }

  private static byte[] bytes(MemorySegment content) {
    return content.asSlice(0, Math.min(16, content.byteSize())).toArray(ValueLayout.JAVA_BYTE);
  }

  private static String folder(StoredArchive archive) throws RefusedException {
    List<String> pickles =
        archive.names().stream().filter(name -> name.endsWith("/" + PICKLE)).toList();
    if (pickles.size() != 1) {
      throw new RefusedException("it has %d entries named %s".formatted(pickles.size(), PICKLE));
    }
    String pickle = pickles.getFirst();
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }

  @Override
  public PickleValue root() {
    return root;
  }

  @Override
  public MemorySegment values(Storage storage) throws RefusedException {
    MemorySegment values = archive.content(folder + "data/" + storage.key());
    int bytes = storage.type().bytes();
    if (values.byteSize() % bytes != 0 || values.byteSize() / bytes != storage.elements()) {
      throw new RefusedException(
          "its storage %s holds %d bytes, which are not the %d values of %d bytes it claims"
              .formatted(
                  Printable.of(storage.key()), values.byteSize(), storage.elements(), bytes));
    }
    return values;
  }
}
