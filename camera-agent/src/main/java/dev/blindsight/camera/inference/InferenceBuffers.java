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

  private final OrtEnvironment environment;
  private final int inputLength;
  private final int classes;
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
    this(
        environment,
        inputLength,
        classes,
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, inputLength)),
        ByteBuffer.allocateDirect(Math.multiplyExact(readouts, classes * Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer());
  }

  private InferenceBuffers(
      OrtEnvironment environment,
      int inputLength,
      int classes,
      ByteBuffer readout,
      FloatBuffer logits)
      throws OrtException {
    this.environment = environment;
    this.inputLength = inputLength;
    this.classes = classes;
    this.readout = readout.order(ByteOrder.nativeOrder());
    this.readoutMemory = MemorySegment.ofBuffer(readout);
    this.logits = logits;
    this.answer = new float[logits.capacity()];
    int readouts = logits.capacity() / classes;
    this.input =
        OnnxTensor.createTensor(
            environment, readout, new long[] {readouts, inputLength}, OnnxJavaType.UINT8);
    this.output = OnnxTensor.createTensor(environment, logits, new long[] {readouts, classes});
    this.inputs = Map.of(INPUT, input);
    this.outputs = Map.of(OUTPUT, output);
  }

  /**
   * The same memory for fewer readouts; closed by the caller too.
   *
   * @param readouts from 1 to as many as there is room for
   */
  InferenceBuffers first(int readouts) throws OrtException {
    return new InferenceBuffers(
        environment,
        inputLength,
        classes,
        readout.slice(0, readouts * inputLength),
        logits.slice(0, readouts * classes));
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
