package dev.blindsight.trainer.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.ModelGraph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A model file's content, run by ONNX Runtime with the optimisations that the camera uses. */
public final class OnnxModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /**
   * Loads a model.
   *
   * @throws OrtException when ONNX Runtime refuses it
   */
  public OnnxModel(byte[] file) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(file, options);
    }
  }

  /** The card in the metadata; empty when there is none. */
  public Optional<ModelCard> card() throws OrtException {
    Map<String, String> metadata = session.getMetadata().getCustomMetadata();
    return Optional.ofNullable(metadata.get(ModelCard.METADATA_KEY)).map(ModelCard::parse);
  }

  /** How the graph was written; empty when the file does not tell. */
  public Optional<ModelGraph> graph() throws OrtException {
    Map<String, String> metadata = session.getMetadata().getCustomMetadata();
    return Optional.ofNullable(metadata.get(ModelGraph.METADATA_KEY)).map(ModelGraph::parse);
  }

  /**
   * Whether the model takes readouts and gives logits under the names of the model file's contract.
   */
  public boolean takesReadouts() {
    return session.getInputNames().contains(ModelFile.INPUT)
        && session.getOutputNames().contains(ModelFile.OUTPUT);
  }

  /**
   * Runs a batch.
   *
   * @param readouts at least one, all of the model's input length
   * @return for each readout one logit for each class
   */
  public float[][] logits(List<byte[]> readouts) throws OrtException {
    int length = readouts.getFirst().length;
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(readouts.size(), length));
    readouts.forEach(bytes::put);
    bytes.flip();
    long[] shape = {readouts.size(), length};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(ModelFile.INPUT, input))) {
      return (float[][]) result.get(ModelFile.OUTPUT).orElseThrow().getValue();
    }
  }

  /**
   * Runs one readout and shows every output of the model.
   *
   * @param output given the name and the values of each, row-major
   */
  void showOutputs(byte[] readout, BiConsumer<String, FloatBuffer> output) throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(readout.length).put(readout).flip();
    long[] shape = {1, readout.length};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(ModelFile.INPUT, input))) {
      for (Map.Entry<String, OnnxValue> entry : result) {
        output.accept(entry.getKey(), ((OnnxTensor) entry.getValue()).getFloatBuffer());
      }
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
