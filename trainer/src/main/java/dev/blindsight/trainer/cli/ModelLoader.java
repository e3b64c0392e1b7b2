package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.trainer.evaluate.NetworkClassifier;
import dev.blindsight.trainer.evaluate.OnnxClassifier;
import dev.blindsight.trainer.evaluate.StoredModel;
import dev.blindsight.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models, whichever form they have on disk. */
final class ModelLoader {
  private ModelLoader() {}

  /**
   * Opens an exported model file, or the run folder of a finished training.
   *
   * @param threads for PyTorch's operators, 0 for its own choice
   * @throws dev.blindsight.protocol.UserError when there is no model there
   */
  static StoredModel load(Path model, int threads) throws IOException {
    if (!Files.isDirectory(model)) {
      OnnxClassifier classifier = new OnnxClassifier(model);
      return new StoredModel(classifier.card(), classifier);
    }
    RunFolder run = RunFolder.open(model);
    ModelCard card = run.card();
    return new StoredModel(
        card,
        new NetworkClassifier(card.architecture(), card.inputLength(), run.weights(), threads));
  }
}
