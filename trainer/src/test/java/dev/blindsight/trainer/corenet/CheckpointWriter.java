package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints as torch.save does, in both layouts, of maps, lists, texts, numbers, truth
 * values, nulls and {@link View}s.
 */
public final class CheckpointWriter {
  private static final String MAGIC = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
  private static final String SYSTEM =
      "\u0080\u0002}(X\u0010\0\0\0protocol_versionM\u00e9\u0003X\r\0\0\0little_endian\u0088u.";

  private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
  private final SequencedMap<String, Values> storages = new LinkedHashMap<>();
  private final boolean legacy;

  private CheckpointWriter(boolean legacy) {
    this.legacy = legacy;
  }

  /** The values of a storage. */
  public static final class Values {
    private final String key;
    private final String type;
    private final long count;
    private final byte[] bytes;

    /**
     * @param type as {@code FloatStorage}
     * @param count of values, as the pickle claims
     * @param bytes the values, little-endian
     */
    public Values(String key, String type, long count, byte[] bytes) {
      this.key = key;
      this.type = type;
      this.count = count;
      this.bytes = bytes.clone();
    }

    public static Values floats(String key, float... values) {
      byte[] bytes = new byte[values.length * Float.BYTES];
      littleEndian(bytes).asFloatBuffer().put(values);
      return new Values(key, "FloatStorage", values.length, bytes);
    }

    static Values halves(String key, float... values) {
      byte[] bytes = new byte[values.length * Short.BYTES];
      ByteBuffer stored = littleEndian(bytes);
      for (float value : values) {
        stored.putShort(Float.floatToFloat16(value));
      }
      return new Values(key, "HalfStorage", values.length, bytes);
    }

    /** Cuts each value to its upper half. */
    static Values upperHalves(String key, float... values) {
      byte[] bytes = new byte[values.length * Short.BYTES];
      ByteBuffer stored = littleEndian(bytes);
      for (float value : values) {
        stored.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
      return new Values(key, "BFloat16Storage", values.length, bytes);
    }

    String key() {
      return key;
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }

  /** A tensor: a view of a storage. */
  public record View(Values values, long offset, List<Long> size, List<Long> stride) {
    public static View of(Values values, Tensor tensor) {
      List<Long> size = tensor.shape().stream().map(Integer::longValue).toList();
      List<Long> stride = new ArrayList<>();
      long step = 1;
      for (long dimension : size.reversed()) {
        stride.addFirst(step);
        step *= dimension;
      }
      return new View(values, 0, size, List.copyOf(stride));
    }
  }

  /** A state_dict of float32 tensors, each with a storage of its own. */
  public static SequencedMap<String, Object> stateDict(Weights weights) {
    return stateDict(weights, "");
  }

  /** As {@link #stateDict(Weights)}, with a prefix to the storages' keys. */
  public static SequencedMap<String, Object> stateDict(Weights weights, String prefix) {
    SequencedMap<String, Object> state = new LinkedHashMap<>();
    for (String name : weights.names()) {
      Tensor tensor = weights.tensor(name);
      Values values = Values.floats(prefix + state.size(), tensor.values());
      state.put(name, View.of(values, tensor));
    }
    return state;
  }

  /** What CoreNet saves to go on with a training later. */
  public static SequencedMap<String, Object> training(Weights model, Weights average) {
    SequencedMap<String, Object> step = new LinkedHashMap<>();
    Values moments = Values.floats("o", 1, 2, 3, 4);
    step.put("exp_avg", new View(moments, 0, List.of(2L, 2L), List.of(2L, 1L)));
    SequencedMap<String, Object> group = new LinkedHashMap<>();
    group.put("lr", 0.001);
    group.put("foreach", null);
    group.put("params", List.of(0, 1, 70_000));
    SequencedMap<String, Object> optimiser = new LinkedHashMap<>();
    optimiser.put("state", Map.of(0, step));
    optimiser.put("param_groups", List.of(group));
    SequencedMap<String, Object> root = new LinkedHashMap<>();
    root.put("iterations", 6);
    root.put("epoch", 0);
    root.put("model_state_dict", stateDict(model, "m"));
    root.put("optim_state_dict", optimiser);
    root.put("best_metric", 12.5);
    root.put("is_interval_ckpt", false);
    root.put("gradient_scaler_state_dict", Map.of());
    root.put("ema_state_dict", stateDict(average, "e"));
    return root;
  }

  /** The layout of today. */
  public static byte[] archive(Object root) {
    CheckpointWriter writer = new CheckpointWriter(false);
    byte[] pickle = writer.pickle(root);
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    writer.storages.forEach((key, values) -> entries.put("archive/data/" + key, values.bytes()));
    entries.put("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return zip(entries);
  }

  /** The layout before PyTorch 1.6. */
  public static byte[] legacy(Object root) {
    CheckpointWriter writer = new CheckpointWriter(true);
    byte[] pickle = writer.pickle(root);
    byte[] keys = new CheckpointWriter(true).pickle(List.copyOf(writer.storages.keySet()));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(latin(MAGIC + "\u0080\u0002M\u00e9\u0003." + SYSTEM));
    file.writeBytes(pickle);
    file.writeBytes(keys);
    for (Values values : writer.storages.values()) {
      file.writeBytes(little(Long.BYTES, buffer -> buffer.putLong(values.count)));
      file.writeBytes(values.bytes());
    }
    return file.toByteArray();
  }

  /** An archive of stored entries. */
  public static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var content : entries.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(content.getValue());
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Characters 0..255 as bytes: how tests write pickles down. */
  public static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] pickle(Object root) {
    write("\u0080\u0002");
    value(root);
    write(".");
    return pickle.toByteArray();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> write("N");
      case Boolean truth -> write(truth ? "\u0088" : "\u0089");
      case Integer number -> number('J', little(Integer.BYTES, bytes -> bytes.putInt(number)));
      case Long number ->
          number(0x8a, little(1 + Long.BYTES, bytes -> bytes.put((byte) 8).putLong(number)));
      case Double number ->
          number(
              'G',
              little(Double.BYTES, bytes -> bytes.order(ByteOrder.BIG_ENDIAN).putDouble(number)));
      case String text -> text(text);
      case List<?> list -> {
        write("](");
        list.forEach(this::value);
        write("e");
      }
      case Map<?, ?> map -> {
        write("ccollections\nOrderedDict\n)R(");
        map.forEach((key, item) -> {
          value(key);
          value(item);
        });
        write("u}b");
      }
      case View view -> view(view);
      default -> throw new IllegalArgumentException("cannot save " + value.getClass());
    }
  }

  private void view(View view) {
    Values values = view.values();
    storages.put(values.key(), values);
    write("ctorch._utils\n_rebuild_tensor_v2\n((");
    text("storage");
    write("ctorch\n" + values.type + "\n");
    text(values.key());
    text("cuda:0");
    value(values.count);
    write(legacy ? "NtQ" : "tQ");
    value(view.offset());
    tuple(view.size());
    tuple(view.stride());
    write("\u0089ccollections\nOrderedDict\n)RtR");
  }

  private void tuple(List<Long> numbers) {
    write("(");
    numbers.forEach(this::value);
    write("t");
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number('X', little(Integer.BYTES, buffer -> buffer.putInt(bytes.length)));
    pickle.writeBytes(bytes);
  }

  private void number(int opcode, byte[] bytes) {
    pickle.write(opcode);
    pickle.writeBytes(bytes);
  }

  private void write(String opcodes) {
    pickle.writeBytes(latin(opcodes));
  }

  private static byte[] little(int length, Consumer<ByteBuffer> content) {
    byte[] bytes = new byte[length];
    content.accept(littleEndian(bytes));
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
