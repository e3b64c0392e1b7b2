package dev.blindsight.trainer.evaluate;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ModelCard;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An exported model file, run by ONNX Runtime as the device runs it. */
public final class OnnxClassifier implements Classifier {
  private static final String INPUT = "readout";
  private static final String OUTPUT = "logits";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelCard card;

  /**
   * @throws UserError when the file is not a model with a card
   */
  public OnnxClassifier(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: no such file: check --model".formatted(file));
    }
    environment = OrtEnvironment.getEnvironment();
    try {
      session = environment.createSession(file.toString());
    } catch (OrtException e) {
      throw new UserError("%s: is not an ONNX model: export it again".formatted(file), e);
    }
    try {
      card = card(file);
      if (!session.getInputNames().contains(INPUT) || !session.getOutputNames().contains(OUTPUT)) {
        throw new UserError(
            "%s: has no input %s or no output %s: export it again".formatted(file, INPUT, OUTPUT));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private ModelCard card(Path file) {
    try {
      String json = session.getMetadata().getCustomMetadata().get(ModelCard.METADATA_KEY);
      if (json == null) {
        throw new UserError("%s: carries no model card: export it again".formatted(file));
      }
      return ModelCard.parse(json);
    } catch (OrtException e) {
      throw new UserError("%s: its metadata cannot be read: export it again".formatted(file), e);
    }
  }

  /** The card in the metadata of the file. */
  public ModelCard card() {
    return card;
  }

  @Override
  public float[][] logits(byte[][] readouts) {
    int length = card.inputLength();
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(readouts.length, length));
    for (byte[] readout : readouts) {
      bytes.put(readout);
    }
    bytes.flip();
    long[] shape = {readouts.length, length};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(INPUT, input))) {
      return (float[][]) result.get(OUTPUT).orElseThrow().getValue();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not run the model", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not close the model", e);
    }
  }
}
