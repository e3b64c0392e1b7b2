package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.data.DatasetReader;
import dev.blindsight.trainer.data.Split;
import dev.blindsight.trainer.evaluate.Evaluation;
import dev.blindsight.trainer.evaluate.StoredModel;
import dev.blindsight.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a model on the test split of a recipe. */
@Command(
    name = "evaluate",
    description = "Measures a model on the recipe's test split.",
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "An exported model (M.onnx), or the folder of a finished training.")
  private Path model = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Recipe recipe = recipeOptions.read();
    ReadoutSpec spec = recipeOptions.resolve(recipe.readout());
    try (StoredModel stored = ModelLoader.load(model, recipe.threads())) {
      if (!stored.card().spec().equals(spec.id())) {
        throw new UserError(
            "%s: was trained for readout spec %s, the recipe's is %s: give the recipe it was trained by"
                .formatted(model, stored.card().spec().abbreviated(), spec.id().abbreviated()));
      }
      if (!stored.card().labels().equals(recipe.dataset().labels())) {
        throw new UserError(
            "%s: was trained for other labels than the recipe's: give the recipe it was trained by"
                .formatted(model));
      }
      Evaluation evaluation =
          Evaluation.measure(
              stored.classifier(),
              spec,
              new DatasetReader(recipe).test(),
              recipe.dataset(),
              Split.TEST);
      command
          .commandLine()
          .getOut()
          .println(json ? evaluation.toJson() : evaluation.toText().stripTrailing());
      return 0;
    }
  }
}
