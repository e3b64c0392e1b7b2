package dev.blindsight.trainer.data;

import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.List;

/** Recipes for tests, with a small network. */
public final class TestRecipes {
  private TestRecipes() {}

  /** Grey IDX pictures with labels {@code left, right, both}. */
  public static Recipe idx(Path root, int width, int height, String... overrides) {
    String text =
        """
        name: tiny
        threads: 1
        dataset:
          name: bars
          format: idx
          root: "%s"
          train: {pictures: [train.idx3], labels: [train.idx1]}
          test: {pictures: [test.idx3], labels: [test.idx1]}
          labels: [left, right, both]
          licence: CC0
          obtain: run the test again
        readout:
          geometry: {width: %d, height: %d, channels: 1}
          mask: {scheme: corenet, keep: 0.5}
          permutation: {scheme: corenet}
        architecture:
          embedding_size: 16
          layers: 2
          heads: 2
          feed_forward_size: 32
          downsample_after: [0]
        optimiser: {warm_up_steps: 5}
        training: {epochs: 4, batch_size: 16, ema_decay: 0.9}
        """
            .formatted(root, width, height);
    return RecipeFile.parse(text, List.of(overrides), "tiny.yaml");
  }

  /** Pictures of three colours in the record format, with labels {@code one, two}. */
  public static Recipe record(Path root, int width, int height, String... overrides) {
    String text =
        """
        name: records
        dataset:
          name: records
          format: record
          root: "%s"
          train: {pictures: [train.bin]}
          validation: {pictures: [validation.bin]}
          test: {pictures: [test-1.bin, test-2.bin]}
          labels: [one, two]
        readout:
          geometry: {width: %d, height: %d, channels: 3}
          mask: {scheme: corenet, keep: 1.0}
          permutation: {scheme: none}
        architecture: {downsample_after: []}
        """
            .formatted(root, width, height);
    return RecipeFile.parse(text, List.of(overrides), "records.yaml");
  }
}
