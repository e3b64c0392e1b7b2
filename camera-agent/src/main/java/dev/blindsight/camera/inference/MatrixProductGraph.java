package dev.blindsight.camera.inference;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * An ONNX file with one MatMul, {@code product = left x weights}, written field by field after
 * onnx.proto3 of ONNX 1.16: a schema and its generated code would be many times larger than the
 * file.
 *
 * @param rows of the left matrix
 * @param inner columns of the left matrix, rows of the weights
 * @param columns of the weights
 */
record MatrixProductGraph(int rows, int inner, int columns) {
  static final String INPUT = "left";
  static final String OUTPUT = "product";

  private static final String WEIGHTS = "weights";
  private static final int FLOAT = 1;
  private static final int OPERATOR_SET = 20;
  private static final int FORMAT_VERSION = 9;

  MatrixProductGraph {
    if (rows < 1 || inner < 1 || columns < 1) {
      throw new IllegalArgumentException("a matrix without elements");
    }
  }

  long multiplyAdds() {
    return (long) rows * inner * columns;
  }

  /**
   * Values of a matrix: the same for every call, between -1 and 1. Neither zero nor denormal, which
   * some processors multiply faster or slower than other numbers.
   */
  static float[] values(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      float size = (float) random.nextDouble(0.01, 1);
      values[i] = random.nextBoolean() ? size : -size;
    }
    return values;
  }

  /** The content of the file. */
  byte[] onnx() {
    return message(model -> {
      model.writeInt64(1, FORMAT_VERSION);
      model.writeByteArray(7, graph());
      model.writeByteArray(8, message(operators -> operators.writeInt64(2, OPERATOR_SET)));
    });
  }

  private byte[] graph() {
    return message(graph -> {
      graph.writeByteArray(1, product());
      graph.writeString(2, OUTPUT);
      graph.writeByteArray(5, weights());
      graph.writeByteArray(11, matrix(INPUT, rows, inner));
      graph.writeByteArray(12, matrix(OUTPUT, rows, columns));
    });
  }

  private static byte[] product() {
    return message(node -> {
      node.writeString(1, INPUT);
      node.writeString(1, WEIGHTS);
      node.writeString(2, OUTPUT);
      node.writeString(4, "MatMul");
    });
  }

  private byte[] weights() {
    ByteBuffer raw =
        ByteBuffer.allocate(Math.multiplyExact(inner * columns, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values(inner * columns));
    return message(tensor -> {
      tensor.writeInt64(1, inner);
      tensor.writeInt64(1, columns);
      tensor.writeInt32(2, FLOAT);
      tensor.writeString(8, WEIGHTS);
      tensor.writeByteArray(9, raw.array());
    });
  }

  private static byte[] matrix(String name, int rows, int columns) {
    byte[] shape =
        message(dimensions -> {
          dimensions.writeByteArray(1, message(dimension -> dimension.writeInt64(1, rows)));
          dimensions.writeByteArray(1, message(dimension -> dimension.writeInt64(1, columns)));
        });
    byte[] tensor =
        message(type -> {
          type.writeInt32(1, FLOAT);
          type.writeByteArray(2, shape);
        });
    return message(value -> {
      value.writeString(1, name);
      value.writeByteArray(2, message(type -> type.writeByteArray(1, tensor)));
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
