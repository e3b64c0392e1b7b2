package dev.blindsight.trainer.evaluate;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An exported model file, run by ONNX Runtime as the device runs it. */
public final class OnnxClassifier implements Classifier {
  private final OnnxModel model;
  private final ModelCard card;

  /**
   * @throws UserError when the file is not a model with a card
   */
  public OnnxClassifier(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: no such file: check --model".formatted(file));
    }
    try {
      model = new OnnxModel(Files.readAllBytes(file));
    } catch (OrtException e) {
      throw new UserError("%s: is not an ONNX model: export it again".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: check its permissions".formatted(file), e);
    }
    try {
      card = card(file);
      if (!model.takesReadouts()) {
        throw new UserError("%s: takes no readouts: export it again".formatted(file));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private ModelCard card(Path file) {
    try {
      return model
          .card()
          .orElseThrow(
              () -> new UserError("%s: carries no model card: export it again".formatted(file)));
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
    try {
      return model.logits(List.of(readouts));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not run the model", e);
    }
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not close the model", e);
    }
  }
}
