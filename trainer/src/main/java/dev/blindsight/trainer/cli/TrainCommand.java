package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.train.Trainer;
import dev.blindsight.trainer.train.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model by a recipe. */
@Command(
    name = "train",
    description = "Trains a model by a recipe and measures it on the test split.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The run folder, which gets recipe, metrics, checkpoint, weights and card.")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "Go on after the last whole epoch in the run folder.")
  private boolean resume;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Recipe recipe = recipeOptions.read();
    ReadoutSpec spec = recipeOptions.resolve(recipe.readout());
    PrintWriter err = command.commandLine().getErr();
    TrainingResult result;
    try (ConsoleProgress progress = new ConsoleProgress(err)) {
      Trainer trainer =
          new Trainer(recipe, spec, TrainerVersion.text(), evaluation(), progress);
      result = resume ? trainer.resume(out) : trainer.train(out);
    }
    print(result);
    return 0;
  }

  private void print(TrainingResult result) {
    PrintWriter stdout = command.commandLine().getOut();
    if (!json) {
      stdout.println(result.test().toText().stripTrailing());
      return;
    }
    SequencedMap<String, Object> line = new LinkedHashMap<>();
    line.put("run", out.toString());
    line.put("name", result.card().name());
    line.put("spec", result.card().spec());
    line.put("epochs", result.card().training().epochs());
    line.put("steps", result.steps());
    line.put("seconds", result.seconds());
    line.put("accuracy", result.test().accuracy());
    line.put("pictures", result.test().pictures());
    line.put("correct", result.test().correct());
    stdout.println(StrictMapper.json().write(line));
  }

  private String evaluation() {
    return "./blindsight evaluate --model MODEL.onnx --recipe " + recipeOptions.shownPath();
  }
}
