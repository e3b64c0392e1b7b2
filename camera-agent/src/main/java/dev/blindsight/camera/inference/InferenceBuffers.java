package dev.blindsight.camera.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The native memory of one run of a session at a time, for one readout or a batch: the input tensor
 * and the output tensor stand on buffers outside the Java heap that are made once, so that a run
 * neither copies tensors nor allocates them. Not thread-safe.
 */
final class InferenceBuffers implements AutoCloseable {
  static final String INPUT = "readout";
  static final String OUTPUT = "logits";

  private final ByteBuffer readout;
  private final FloatBuffer logits;
  private final OnnxTensor input;
  private final OnnxTensor output;

  InferenceBuffers(OrtEnvironment environment, int readouts, int inputLength, int classes)
      throws OrtException {
    readout =
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, inputLength))
            .order(ByteOrder.nativeOrder());
    logits =
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, classes * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    input =
        OnnxTensor.createTensor(
            environment, readout, new long[] {readouts, inputLength}, OnnxJavaType.UINT8);
    output = OnnxTensor.createTensor(environment, logits, new long[] {readouts, classes});
  }

  /**
   * Runs the session once.
   *
   * @param values puts exactly the input's length of bytes into the buffer it is given, for each
   *     readout after the other
   * @return the logits, in the order of the labels, for each readout after the other
   */
  float[] run(OrtSession session, Consumer<ByteBuffer> values) throws OrtException {
    readout.clear();
    try {
      values.accept(readout);
      try (OrtSession.Result _ =
          session.run(Map.of(INPUT, input), Set.of(), Map.of(OUTPUT, output))) {
        float[] answer = new float[logits.capacity()];
        logits.get(0, answer);
        return answer;
      }
    } finally {
      overwrite();
    }
  }

  private void overwrite() {
    readout.clear();
    while (readout.hasRemaining()) {
      readout.put((byte) 0);
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
  }
}
