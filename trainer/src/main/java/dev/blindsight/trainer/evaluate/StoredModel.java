package dev.blindsight.trainer.evaluate;

import dev.blindsight.protocol.model.ModelCard;

/**
 * A model from disk.
 *
 * @param card what it says of itself
 * @param classifier to ask, closed by whoever opened the model
 */
public record StoredModel(ModelCard card, Classifier classifier) implements AutoCloseable {
  @Override
  public void close() {
    classifier.close();
  }
}
