package dev.blindsight.camera.inference;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/**
 * One product of two float32 matrices by ONNX Runtime, in a session opened as models' are: what the
 * runtime reaches on this machine when nothing else is to be done. Any number of threads may run
 * it, each in a {@link Run} of its own.
 */
public final class MatrixProduct implements AutoCloseable {
  private final MatrixProductGraph graph;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private MatrixProduct(MatrixProductGraph graph, OrtEnvironment environment, OrtSession session) {
    this.graph = graph;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Opens the session for {@code [rows, inner] x [inner, columns]}; the right matrix is constant,
   * as a network's weights are.
   *
   * @param rows at least 1
   * @param inner at least 1
   * @param columns at least 1
   * @throws InferenceException when ONNX Runtime refuses
   */
  public static MatrixProduct open(int rows, int inner, int columns, InferenceSettings settings) {
    MatrixProductGraph graph = new MatrixProductGraph(rows, inner, columns);
    OrtEnvironment environment = OnnxEnvironment.get();
    try (SessionOptions options = ModelLoader.options(settings)) {
      return new MatrixProduct(
          graph, environment, environment.createSession(graph.onnx(), options));
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** Multiplications with accumulation in one product; two floating-point operations each. */
  public long multiplyAdds() {
    return graph.multiplyAdds();
  }

  /** Buffers for one caller, with a left matrix of values between -1 and 1. */
  public Run run() {
    try {
      return new Run();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /** Frees the session. No run may be in progress. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static InferenceException failed(OrtException e) {
    return new InferenceException("a matrix product failed: " + e.getMessage(), e);
  }

  /** One caller's matrices. For one thread at a time. */
  public final class Run implements AutoCloseable {
    private final FloatBuffer result;
    private final OnnxTensor input;
    private final OnnxTensor output;

    private Run() throws OrtException {
      FloatBuffer left = direct(graph.rows() * graph.inner());
      left.put(MatrixProductGraph.values(left.capacity())).flip();
      result = direct(graph.rows() * graph.columns());
      input = OnnxTensor.createTensor(environment, left, new long[] {graph.rows(), graph.inner()});
      output =
          OnnxTensor.createTensor(environment, result, new long[] {graph.rows(), graph.columns()});
    }

    /** Multiplies once. */
    public void multiply() {
      try (OrtSession.Result _ =
          session.run(
              Map.of(MatrixProductGraph.INPUT, input),
              Set.of(),
              Map.of(MatrixProductGraph.OUTPUT, output))) {
        // The result stands in the buffer.
      } catch (OrtException e) {
        throw failed(e);
      }
    }

    /** An element of the last product. */
    public float result(int row, int column) {
      return result.get(row * graph.columns() + column);
    }

    @Override
    public void close() {
      input.close();
      output.close();
    }

    private static FloatBuffer direct(int floats) {
      return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }
  }
}
