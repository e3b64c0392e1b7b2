package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.PickleValue.Dictionary;
import dev.blindsight.trainer.corenet.PickleValue.TensorView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads the weights in a PyTorch checkpoint without PyTorch, and without running anything in it.
 *
 * <p>A checkpoint is a ZIP of stored entries: {@code data.pkl} describes the tensors (see {@link
 * PickleReader}), {@code data/<key>} hold their little-endian values. Understood so far: a
 * state_dict, or a plain dict, of contiguous float32 tensors.
 */
public final class TorchCheckpoint {

  private static final String PICKLE = "data.pkl";
  private static final long MAXIMUM_PICKLE_BYTES = 16 << 20;

  private final Path file;
  private final ZipFile archive;
  private final String folder;

  private TorchCheckpoint(Path file, ZipFile archive) {
    this.file = file;
    this.archive = archive;
    this.folder = folder();
  }

  /**
   * The tensors of a checkpoint, in its order and by its names.
   *
   * @throws IOException when the file cannot be read
   * @throws UserError when it is no such checkpoint
   */
  public static Weights read(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return new TorchCheckpoint(file, archive).weights();
    } catch (ZipException e) {
      throw new UserError(file + " is not a PyTorch checkpoint: " + e.getMessage(), e);
    }
  }

  private String folder() {
    List<String> pickles =
        archive.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw refused("it has %d entries named %s".formatted(pickles.size(), PICKLE));
    }
    String pickle = pickles.getFirst();
    return pickle.substring(0, pickle.length() - PICKLE.length());
  }

  private Weights weights() throws IOException {
    requireLittleEndian();
    PickleValue root;
    try {
      root = PickleReader.read(content(PICKLE, MAXIMUM_PICKLE_BYTES));
    } catch (PickleReader.RefusedException e) {
      throw new UserError(message("its pickle is refused: " + e.getMessage()), e);
    }
    if (!(root instanceof Dictionary state)) {
      throw refused("it does not hold a state_dict");
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (var entry : state.entries().entrySet()) {
      if (!(entry.getValue() instanceof TensorView view)) {
        throw refused("its entry " + entry.getKey() + " is not a tensor");
      }
      tensors.put(entry.getKey(), tensor(entry.getKey(), view));
    }
    return Weights.of(tensors);
  }

  private void requireLittleEndian() throws IOException {
    if (archive.getEntry(folder + "byteorder") != null) {
      byte[] order = content("byteorder", 16);
      if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
        throw refused("its values are not little-endian");
      }
    }
  }

  private Tensor tensor(String name, TensorView view) throws IOException {
    long elements = 1;
    long expectedStride = 1;
    boolean contiguous = view.size().size() == view.stride().size();
    for (int i = view.size().size() - 1; i >= 0 && contiguous; i--) {
      long size = view.size().get(i);
      contiguous = size <= 1 || view.stride().get(i) == expectedStride;
      elements *= size;
      expectedStride = elements;
      if (size < 0 || size > Integer.MAX_VALUE || elements > Integer.MAX_VALUE) {
        throw refused("tensor " + name + " has an impossible size " + view.size());
      }
    }
    if (!contiguous) {
      throw refused("tensor " + name + " is not stored contiguously");
    }
    long end = view.offset() + elements;
    if (view.offset() < 0 || end < 0 || end > view.storage().elements()) {
      throw refused("tensor " + name + " reaches outside its storage");
    }
    ByteBuffer stored = storage(name, view.storage());
    float[] values = new float[Math.toIntExact(elements)];
    stored.asFloatBuffer().get(Math.toIntExact(view.offset()), values);
    List<Integer> shape = new ArrayList<>();
    view.size().forEach(size -> shape.add(Math.toIntExact(size)));
    return Tensor.of(shape, values);
  }

  private ByteBuffer storage(String name, PickleValue.Storage storage) throws IOException {
    long bytes = storage.elements() * Float.BYTES;
    if (storage.elements() < 0 || bytes > Integer.MAX_VALUE - 8) {
      throw refused("tensor " + name + " is too large");
    }
    byte[] content = content("data/" + storage.key(), bytes);
    if (content.length != bytes) {
      throw refused("tensor " + name + " has less data than it claims");
    }
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An entry's bytes. Entries are stored as they are, so none can be larger than the file. */
  private byte[] content(String name, long maximum) throws IOException {
    ZipEntry entry = archive.getEntry(folder + name);
    if (entry == null) {
      throw refused("it lacks the entry " + name);
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw refused("its entry " + name + " is compressed, which PyTorch never does");
    }
    if (entry.getSize() > maximum) {
      throw refused("its entry " + name + " is larger than expected");
    }
    try (InputStream in = archive.getInputStream(entry)) {
      return in.readNBytes(Math.toIntExact(maximum));
    }
  }

  private UserError refused(String reason) {
    return new UserError(message(reason));
  }

  private String message(String reason) {
    return "%s is not a readable PyTorch checkpoint: %s; give one saved by torch.save(state_dict)"
        .formatted(file, reason);
  }
}
