package dev.blindsight.camera.inference;

import com.google.protobuf.CodedOutputStream;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Training;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The smallest model file ONNX Runtime loads, written field by field (onnx.proto3 of ONNX 1.16):
 * {@code logits = W · readout / 255}. Its parts can be made to disagree.
 */
public final class LinearModel {
  private static final int UINT8 = 2;
  private static final int FLOAT = 1;
  private static final int OPSET = 20;
  private static final int IR_VERSION = 9;

  private final String name;
  private final ReadoutSpec spec;
  private final int graphLength;
  private final @Nullable String card;

  private LinearModel(String name, ReadoutSpec spec, int graphLength, @Nullable String card) {
    this.name = name;
    this.spec = spec;
    this.graphLength = graphLength;
    this.card = card;
  }

  /** Labels "0" to "9", for a spec. */
  public static LinearModel of(String name, ReadoutSpec spec) {
    return new LinearModel(name, spec, spec.length(), card(name, spec).toJson());
  }

  /** For 28×28 grey pictures, a tenth kept, the published mask and permutation. */
  public static LinearModel grey28(String name) {
    return of(name, spec28());
  }

  public static ReadoutSpec spec28() {
    return ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);
  }

  /** The same with another card, or none. */
  public LinearModel withCard(@Nullable String other) {
    return new LinearModel(name, spec, graphLength, other);
  }

  /** The same with a graph for inputs of another length than the card says. */
  public LinearModel withGraphLength(int length) {
    return new LinearModel(name, spec, length, card);
  }

  /** The same, loaded. */
  public Model load() {
    return Model.load(bytes(), name, InferenceSettings.standard());
  }

  public static ModelCard card(String name, ReadoutSpec spec) {
    List<String> labels = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    ByteFormerArchitecture architecture =
        new ByteFormerArchitecture(
            8,
            1,
            1,
            8,
            2,
            List.of(16),
            List.of(0),
            List.of(false),
            4096,
            10,
            1e-5,
            AttentionMode.BATCH_INVARIANT);
    return new ModelCard(
        ModelCard.VERSION,
        name,
        spec.id(),
        ReadoutSpecDefinition.of(spec),
        spec.length(),
        null,
        labels,
        architecture,
        new Training("none", "0".repeat(64), "none", 0, 0, "test"),
        List.of(),
        null);
  }

  /** The weight of an input for a class: fixed, between -1 and 1. */
  private static float[] weights(int length) {
    SplittableRandom random = new SplittableRandom(7);
    float[] weights = new float[length * 10];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextDouble(-1, 1);
    }
    return weights;
  }

  /** What the graph computes, in Java. */
  public static float[] logits(byte[] values) {
    float[] weights = weights(values.length);
    float[] logits = new float[10];
    for (int i = 0; i < values.length; i++) {
      for (int label = 0; label < 10; label++) {
        logits[label] += Byte.toUnsignedInt(values[i]) * weights[10 * i + label] / 255;
      }
    }
    return logits;
  }

  /** The content of the model file. */
  public byte[] bytes() {
    return message(model -> {
      model.writeInt64(1, IR_VERSION);
      model.writeString(2, "test");
      model.writeByteArray(7, graph());
      model.writeByteArray(8, message(opset -> opset.writeInt64(2, OPSET)));
      if (card != null) {
        model.writeByteArray(
            14,
            message(entry -> {
              entry.writeString(1, ModelCard.METADATA_KEY);
              entry.writeString(2, card);
            }));
      }
    });
  }

  private byte[] graph() {
    float[] weights = weights(graphLength);
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= 255;
    }
    return message(graph -> {
      graph.writeByteArray(1, cast());
      graph.writeByteArray(1, node("MatMul", List.of("values", "weights"), "logits"));
      graph.writeString(2, name);
      graph.writeByteArray(5, tensor("weights", weights, graphLength, 10));
      graph.writeByteArray(11, value("readout", UINT8, graphLength));
      graph.writeByteArray(12, value("logits", FLOAT, 10));
    });
  }

  private static byte[] cast() {
    return message(node -> {
      node.writeString(1, "readout");
      node.writeString(2, "values");
      node.writeString(4, "Cast");
      node.writeByteArray(
          5,
          message(attribute -> {
            attribute.writeString(1, "to");
            attribute.writeInt64(3, FLOAT);
            attribute.writeEnum(20, 2);
          }));
    });
  }

  private static byte[] node(String operator, List<String> inputs, String output) {
    return message(node -> {
      for (String input : inputs) {
        node.writeString(1, input);
      }
      node.writeString(2, output);
      node.writeString(4, operator);
    });
  }

  private static byte[] tensor(String name, float[] values, int rows, int columns) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return message(tensor -> {
      tensor.writeInt64(1, rows);
      tensor.writeInt64(1, columns);
      tensor.writeInt32(2, FLOAT);
      tensor.writeString(8, name);
      tensor.writeByteArray(9, raw.array());
    });
  }

  private static byte[] value(String name, int type, int size) {
    byte[] batch = message(dimension -> dimension.writeString(2, "batch"));
    byte[] second = message(dimension -> dimension.writeInt64(1, size));
    byte[] shape =
        message(dimensions -> {
          dimensions.writeByteArray(1, batch);
          dimensions.writeByteArray(1, second);
        });
    byte[] tensor =
        message(content -> {
          content.writeInt32(1, type);
          content.writeByteArray(2, shape);
        });
    return message(content -> {
      content.writeString(1, name);
      content.writeByteArray(2, message(kind -> kind.writeByteArray(1, tensor)));
    });
  }

  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream output) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(output);
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
