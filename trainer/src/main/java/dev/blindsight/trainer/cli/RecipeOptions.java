package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a recipe. */
final class RecipeOptions {
  @Option(
      names = "--recipe",
      required = true,
      paramLabel = "R.yaml",
      description = "The recipe: data, readout, network and the way it learns.")
  private Path recipe = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      arity = "1",
      description = "Overrides one field of the recipe, as training.epochs=10. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--secret",
      paramLabel = "FILE",
      description = "The device secret, for a recipe with a keyed mask or permutation.")
  private @Nullable Path secret;

  Recipe read() {
    return RecipeFile.read(recipe, overrides);
  }

  /** The recipe as it may be shown to others: without the folders of this machine. */
  String shownPath() {
    Path shown = recipe.isAbsolute() ? recipe.getFileName() : recipe.normalize();
    return String.valueOf(shown);
  }

  ReadoutSpec resolve(ReadoutSpecDefinition definition) {
    if (!definition.needsSecret()) {
      return definition.resolve(
          name -> {
            throw new IllegalStateException("no secret is needed: " + name);
          });
    }
    if (secret == null) {
      throw new UserError("the recipe's readout is keyed: give the device secret with --secret");
    }
    try (DeviceSecret device = DeviceSecret.read(secret)) {
      return definition.resolve(_ -> device);
    }
  }
}
