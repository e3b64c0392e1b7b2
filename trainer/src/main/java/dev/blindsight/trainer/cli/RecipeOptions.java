package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
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

  @Mixin private SecretOption secret = new SecretOption();

  Recipe read() {
    return RecipeFile.read(recipe, overrides);
  }

  /** The recipe as it may be shown to others: without the folders of this machine. */
  String shownPath() {
    Path shown = recipe.isAbsolute() ? recipe.getFileName() : recipe.normalize();
    return String.valueOf(shown);
  }

  ReadoutSpec resolve(ReadoutSpecDefinition definition) {
    return secret.resolve(definition);
  }
}
