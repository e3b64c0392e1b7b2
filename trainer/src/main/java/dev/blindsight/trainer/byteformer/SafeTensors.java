package dev.blindsight.trainer.byteformer;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes safetensors files of float32 tensors.
 *
 * <p>The format (huggingface/safetensors): eight bytes little-endian length of a JSON header, the
 * header, then raw little-endian values; the header maps each name to {@code dtype}, {@code shape}
 * and {@code data_offsets} relative to the end of the header.
 */
final class SafeTensors {

  private static final int LENGTH_BYTES = 8;
  private static final long MAXIMUM_HEADER_BYTES = 16 << 20;
  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SafeTensors() {}

  static void write(Path file, SequencedMap<String, Tensor> tensors) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        write(out, tensors);
      }
      Files.move(
          unfinished,
          absolute,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void write(OutputStream out, SequencedMap<String, Tensor> tensors)
      throws IOException {
    byte[] header = header(tensors);
    byte[] length = new byte[LENGTH_BYTES];
    littleEndian(length).putLong(header.length);
    out.write(length);
    out.write(header);
    for (Tensor tensor : tensors.values()) {
      byte[] bytes = new byte[Math.multiplyExact(tensor.size(), Float.BYTES)];
      littleEndian(bytes).asFloatBuffer().put(tensor.values());
      out.write(bytes);
    }
  }

  private static byte[] header(SequencedMap<String, Tensor> tensors) {
    SequencedMap<String, Object> entries = new LinkedHashMap<>();
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      long end = offset + (long) entry.getValue().size() * Float.BYTES;
      SequencedMap<String, Object> description = new LinkedHashMap<>();
      description.put("dtype", "F32");
      description.put("shape", entry.getValue().shape());
      description.put("data_offsets", List.of(offset, end));
      entries.put(entry.getKey(), description);
      offset = end;
    }
    // Readers map the values, so they start at a multiple of eight bytes: pad with spaces.
    String json = JSON.writeValueAsString(entries);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-bytes.length, 8);
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  static SequencedMap<String, Tensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long available = channel.size() - LENGTH_BYTES;
      if (available < 2) {
        throw damaged(file, "it is too short");
      }
      long headerLength = littleEndian(take(channel, LENGTH_BYTES)).getLong();
      if (headerLength < 2 || headerLength > Math.min(available, MAXIMUM_HEADER_BYTES)) {
        throw damaged(file, "its header length is " + headerLength);
      }
      JsonNode header = parse(file, take(channel, Math.toIntExact(headerLength)));
      return tensors(file, channel, header, available - headerLength);
    }
  }

  private static JsonNode parse(Path file, byte[] header) {
    JsonNode node;
    try {
      node = JSON.readTree(header);
    } catch (JacksonException e) {
      throw new UserError(damagedMessage(file, "its header is not JSON"), e);
    }
    if (!node.isObject()) {
      throw damaged(file, "its header is not a JSON object");
    }
    return node;
  }

  private static SequencedMap<String, Tensor> tensors(
      Path file, FileChannel channel, JsonNode header, long dataBytes) throws IOException {
    long dataStart = channel.position();
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (var entry : header.properties()) {
      if (entry.getKey().equals(METADATA)) {
        continue;
      }
      String name = entry.getKey();
      JsonNode description = entry.getValue();
      if (!description.path("dtype").asString("").equals("F32")) {
        throw damaged(file, "tensor " + name + " is not of dtype F32");
      }
      List<Integer> shape = shape(file, name, description.path("shape"));
      JsonNode offsets = description.path("data_offsets");
      long begin = offsets.path(0).asLong(-1);
      long end = offsets.path(1).asLong(-1);
      if (begin < 0
          || end > dataBytes
          || end - begin != elements(file, name, shape) * Float.BYTES) {
        throw damaged(file, "tensor " + name + " lies outside the file or does not fit its shape");
      }
      channel.position(dataStart + begin);
      float[] values = new float[Math.toIntExact((end - begin) / Float.BYTES)];
      littleEndian(take(channel, Math.toIntExact(end - begin))).asFloatBuffer().get(values);
      tensors.put(name, Tensor.owning(shape, values));
    }
    return tensors;
  }

  private static List<Integer> shape(Path file, String name, JsonNode node) {
    List<Integer> shape = new ArrayList<>();
    for (JsonNode dimension : node) {
      if (!dimension.isInt() || dimension.intValue() < 0) {
        throw damaged(file, "tensor " + name + " has no valid shape");
      }
      shape.add(dimension.intValue());
    }
    return shape;
  }

  private static long elements(Path file, String name, List<Integer> shape) {
    try {
      long elements = Tensor.elements(shape);
      if (elements <= Integer.MAX_VALUE / Float.BYTES) {
        return elements;
      }
    } catch (ArithmeticException e) {
      // Too many elements for a long: reported below like any other tensor that is too large.
    }
    throw damaged(file, "tensor " + name + " is too large");
  }

  private static byte[] take(FileChannel channel, int count) throws IOException {
    byte[] bytes = Channels.newInputStream(channel).readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("file ended " + (count - bytes.length) + " bytes early");
    }
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static UserError damaged(Path file, String reason) {
    return new UserError(damagedMessage(file, reason));
  }

  private static String damagedMessage(Path file, String reason) {
    return "%s is not a readable safetensors file: %s".formatted(file, reason);
  }
}
