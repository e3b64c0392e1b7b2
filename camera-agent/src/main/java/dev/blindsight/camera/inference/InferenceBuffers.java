package dev.blindsight.camera.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.blindsight.protocol.readout.Readout;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/**
 * The memory of one run of a session at a time, for one readout or a batch: the input tensor and
 * the output tensor stand on buffers outside the Java heap that are made once, with the maps that
 * ONNX Runtime asks for them by, so that a run neither copies tensors nor allocates them. Not
 * thread-safe.
 */
final class InferenceBuffers implements AutoCloseable {
  static final String INPUT = "readout";
  static final String OUTPUT = "logits";

  private final ByteBuffer readout;
  private final MemorySegment readoutMemory;
  private final FloatBuffer logits;
  private final float[] answer;
  private final OnnxTensor input;
  private final OnnxTensor output;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  InferenceBuffers(OrtEnvironment environment, int readouts, int inputLength, int classes)
      throws OrtException {
    readout =
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, inputLength))
            .order(ByteOrder.nativeOrder());
    readoutMemory = MemorySegment.ofBuffer(readout);
    logits =
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, classes * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    answer = new float[logits.capacity()];
    input =
        OnnxTensor.createTensor(
            environment, readout, new long[] {readouts, inputLength}, OnnxJavaType.UINT8);
    output = OnnxTensor.createTensor(environment, logits, new long[] {readouts, classes});
    inputs = Map.of(INPUT, input);
    outputs = Map.of(OUTPUT, output);
  }

  /**
   * Sets what the next run answers.
   *
   * @param values exactly the input's length of bytes, for each readout after the other
   */
  void put(byte[] values) {
    readout.put(0, values);
  }

  /**
   * Sets one of the readouts that the next run answers.
   *
   * @param index of the readout, from 0
   * @param values exactly one readout's length of bytes
   */
  void put(int index, byte[] values) {
    readout.put(index * values.length, values);
  }

  /**
   * Sets what the next run answers.
   *
   * @param values has exactly the input's length
   */
  void put(Readout values) {
    readout.clear();
    values.copyTo(readout);
  }

  /**
   * Runs the session once and overwrites the input.
   *
   * @return the logits, in the order of the labels, for each readout after the other; the buffers'
   *     own, until the next run
   */
  float[] run(OrtSession session) throws OrtException {
    try (OrtSession.Result _ = session.run(inputs, Set.of(), outputs)) {
      logits.get(0, answer);
      return answer;
    } finally {
      // Nothing of a readout is left behind.
      readoutMemory.fill((byte) 0);
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
  }
}
