package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;

/**
 * All that decides what a training makes: data, readout, network and the way it learns. Two runs of
 * one recipe on the same machine give the same weights.
 *
 * @param name what the model will be called, 1..128 characters
 * @param seed of every random choice
 * @param threads for PyTorch's operators, 0 (as many as there are processors) to 1024
 * @param dataset where the pictures come from
 * @param readout what of a picture the network sees
 * @param architecture the network
 * @param embedding how the embedding table starts
 * @param augmentation how pictures are varied
 * @param optimiser AdamW and its learning rate
 * @param training how long and how gently the network learns
 */
public record Recipe(
    String name,
    long seed,
    int threads,
    DatasetSource dataset,
    ReadoutSpecDefinition readout,
    ArchitectureSettings architecture,
    EmbeddingStart embedding,
    Augmentation augmentation,
    OptimiserSettings optimiser,
    TrainingSettings training) {
  private static final int LONGEST_NAME = 128;

  /**
   * @throws UserError when a field is out of range or the parts disagree
   */
  public Recipe {
    Limits.text("name", name, LONGEST_NAME);
    Limits.whole("threads", threads, 0, 1024);
    architecture.architecture(readout.length(), dataset.labels().size());
  }

  /** The whole description of the network. */
  public ByteFormerArchitecture network() {
    return architecture.architecture(readout.length(), dataset.labels().size());
  }

  /**
   * The same recipe for another place: neither value changes what is learned.
   *
   * @param root folder of the data set
   * @param threadsThere threads for PyTorch's operators
   */
  public Recipe elsewhere(String root, int threadsThere) {
    DatasetSource moved =
        new DatasetSource(
            dataset.name(),
            dataset.format(),
            root,
            dataset.train(),
            dataset.validation(),
            dataset.test(),
            dataset.heldOut(),
            dataset.labels(),
            dataset.licence(),
            dataset.attribution(),
            dataset.obtain());
    return new Recipe(
        name,
        seed,
        threadsThere,
        moved,
        readout,
        architecture,
        embedding,
        augmentation,
        optimiser,
        training);
  }
}
